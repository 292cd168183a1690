"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { Button } from "@/components/ui/button";
import { StateGlyph } from "@/components/ui/state-glyph";
import { ApiProblem } from "@/lib/api";
import type { Connection } from "../contract";
import { changeSample, sampleQuery } from "../queries";
import { RunbooksPillar, S3MigrationPillar, TracesPillar } from "./pillars";
import { ProcessesCard } from "./processes-card";

/** A console with nothing in it explains itself: three ways to connect, and sample data to look around in. */
export function FirstMinute({ connection }: { connection: Connection }) {
  return (
    <div className="max-w-[1360px]">
      <section
        aria-labelledby="hello"
        className="grid grid-cols-[minmax(0,1fr)_486px] items-start gap-8 pb-3 max-desk:grid-cols-1 max-desk:gap-3.5"
      >
        <div>
          <div className="flex items-start gap-3">
            <StateGlyph tone="ok" className="mt-1 size-5" />
            <h1 id="hello" className="text-xl max-phone:text-[19px]/[25px]">
              The console is running. Nothing is connected yet.
            </h1>
          </div>
          <p className="mt-1 ml-8 max-w-[78ch] leading-5 text-ink-2 max-phone:mt-2 max-phone:ml-0">
            Connect any of the three below, in any order; each works without the others. This page fills in by itself
            soon after the first span, run or object.
          </p>
        </div>
        <SampleOffer />
      </section>
      <TracesPillar connection={connection} />
      <RunbooksPillar connection={connection} />
      <S3MigrationPillar connection={connection} />
      <ProcessesCard />
    </div>
  );
}

function SampleOffer() {
  const client = useQueryClient();
  const { data } = useQuery(sampleQuery);
  const load = useMutation({ mutationFn: () => changeSample(client, "POST") });
  const isMoving = data?.state === "loading" || data?.state === "removing";
  return (
    <div className="grid grid-cols-[auto_1fr] items-start gap-3.5 max-desk:ml-8 max-desk:max-w-[560px] max-phone:m-0 max-phone:grid-cols-1 max-phone:gap-2">
      <Button
        variant="primary"
        className="h-9 min-w-[160px] max-phone:w-full"
        icon={<FlaskConical aria-hidden />}
        disabled={load.isPending || isMoving || data === undefined}
        onClick={() => load.mutate()}
      >
        {isMoving ? "Loading…" : "Load sample data"}
      </Button>
      <p className="-mt-px text-sm text-ink-3" aria-live="polite">
        {load.error instanceof ApiProblem ? (
          <span className="text-bad">{load.error.detail}</span>
        ) : isMoving ? (
          data?.detail
        ) : (
          "An hour of requests of a Rails-like service with slow and failing ones, and a running migration of generated images. Marked as sample on every page, goes away with one click."
        )}
      </p>
    </div>
  );
}
