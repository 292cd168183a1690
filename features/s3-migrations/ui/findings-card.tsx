"use client";

import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card, CardHeader } from "@/components/ui/card";
import { formatCount } from "@/lib/format";
import type { FindingsReply, S3MigrationSnapshot } from "../contract";
import { s3FindingsQuery } from "../queries";

const SHOWN = 50;

/** Types, headers and metadata that are not as told; how many are proven. Nothing while nothing is known of them. */
export function FindingsCard({ id, snapshot: { kept } }: { id: string; snapshot: S3MigrationSnapshot }) {
  const { headersProven, headersDiffer, typesDiffer } = kept;
  const findings = headersDiffer + typesDiffer;
  if (headersProven + findings === 0) return null;
  return (
    <Card aria-labelledby="kept">
      <CardHeader
        id="kept"
        title={
          findings === 0 ? "Types, headers and metadata are as told" : `${formatCount(findings)} not described as told`
        }
        meta={`headers of ${formatCount(headersProven)} proven at the destination`}
      />
      {findings > 0 && <FindingGroups id={id} />}
    </Card>
  );
}

function FindingGroups({ id }: { id: string }) {
  const { data, error } = useQuery(s3FindingsQuery(id, { limit: SHOWN }));
  if (error !== null && data === undefined) return <ErrorState problem={error} />;
  if (data === undefined) return <LoadingRows rows={3} />;
  return (
    <ul className="border-t border-line text-sm">
      {data.groups.map((group) => (
        <li
          key={[group.kind, group.told, group.found, group.sent].join()}
          className="grid gap-0.5 border-b border-line px-4 py-2 last:border-0"
        >
          <span>
            {formatCount(group.objects)} {sentenceOf(group)}
          </span>
          <span className="mono break-all text-ink-3">{group.exampleKey}</span>
        </li>
      ))}
    </ul>
  );
}

function sentenceOf({ kind, told, found, sent }: FindingsReply["groups"][number]): string {
  if (kind === "headers") return `told ${told}; the destination tells ${found}`;
  return `told as ${told}, the bytes are ${found}; ${sent === found ? "corrected" : "left as told"}`;
}
