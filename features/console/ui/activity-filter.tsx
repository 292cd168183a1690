"use client";

import { Download } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { routes } from "@/lib/routes";
import { LOCAL_NAME, toShownName } from "@/lib/viewer-name";
import type { ActivityFilter } from "../contract";
import { ACTIVITY_KINDS } from "../domain/describe-activity";
import { activityExportUrl } from "../queries";

/** What the address of the page says to show. */
export function toActivityFilter(params: URLSearchParams): ActivityFilter {
  const kind = Object.keys(ACTIVITY_KINDS).find((name) => name === params.get("kind"));
  const who = (params.get("who") ?? "").trim();
  return { ...(kind === undefined ? {} : { kind }), ...(who === "" ? {} : { actor: who }) };
}

/** Who, what kind of thing, and the way out as a file. The address holds the filter. */
export function ActivityFilterBar({ filter }: { filter: ActivityFilter }) {
  const router = useRouter();
  const show = ({ actor, kind }: ActivityFilter) =>
    router.replace(routes.activity({ who: actor, kind }), { scroll: false });
  const leaveName = (text: string) => {
    const name = text.trim();
    const actor = name === toShownName(LOCAL_NAME) ? LOCAL_NAME : name === "" ? undefined : name;
    if (actor !== filter.actor) show({ ...filter, actor });
  };
  return (
    <form
      className="mb-4 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        leaveName(String(new FormData(event.currentTarget).get("who") ?? ""));
      }}
    >
      <Field label="Who" className="w-52 max-phone:w-full">
        <Input
          name="who"
          key={filter.actor ?? ""}
          defaultValue={filter.actor === undefined ? "" : toShownName(filter.actor)}
          placeholder="Everybody"
          onBlur={(event) => leaveName(event.target.value)}
        />
      </Field>
      <Field label="What" className="w-52 max-phone:w-full">
        <Select
          value={filter.kind ?? ""}
          onChange={(event) => show({ ...filter, kind: event.target.value || undefined })}
        >
          <option value="">Everything</option>
          {Object.entries(ACTIVITY_KINDS).map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <div className="ml-auto flex gap-2 max-phone:ml-0">
        {(["csv", "jsonl"] as const).map((format) => (
          <Button key={format} asChild icon={<Download aria-hidden />}>
            <a href={activityExportUrl(filter, format)} download>
              {format === "csv" ? "CSV" : "JSON lines"}
            </a>
          </Button>
        ))}
      </div>
    </form>
  );
}
