"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@/components/ui/button";
import { StateGlyph } from "@/components/ui/state-glyph";
import { messageOf } from "@/lib/errors";
import { changeSample, sampleQuery } from "../queries";

const TITLES = {
  loading: "Sample data is loading",
  present: "Sample data is loaded",
  removing: "Sample data is being removed",
  failed: "Sample data did not load",
};

/** While sample data is here, every page says so, with the way to get rid of it. */
export function SampleBanner() {
  const client = useQueryClient();
  const { data } = useQuery(sampleQuery);
  const remove = useMutation({ mutationFn: () => changeSample(client, "DELETE") });
  if (data === undefined || data.state === "absent") return null;
  const isMoving = data.state === "loading" || data.state === "removing";
  return (
    <section
      aria-label="Sample data"
      className="no-print flex min-h-9 flex-wrap items-center max-phone:flex-nowrap gap-x-2.5 border-b border-line bg-running-soft px-5 py-1 text-sm max-phone:px-4"
    >
      <StateGlyph tone={data.state === "failed" ? "bad" : "running"} />
      <span className="font-[550]">{TITLES[data.state]}</span>
      <span
        className={isMoving || data.state === "failed" ? "min-w-0 text-ink-2" : "min-w-0 text-ink-2 max-phone:hidden"}
      >
        {data.detail}
      </span>
      {remove.isError && <span className="text-bad">{messageOf(remove.error)}</span>}
      {!isMoving && (
        <Button size="sm" className="ml-auto" disabled={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      )}
    </section>
  );
}
