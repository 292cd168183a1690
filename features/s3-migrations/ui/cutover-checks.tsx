"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import { PROBLEM_STATES } from "../domain/states";
import { cutoverRunbookQuery } from "../queries";
import { storeText } from "./migration-words";

/** The last look at the source found nothing new. */
export const isLookClean = ({ delta }: S3MigrationSnapshot): boolean => delta.outcome === "clean";

type ChecksProps = { snapshot: S3MigrationSnapshot; passes: S3MigrationDetail["passes"] };

/** What has to be true before the application moves, as the console sees it, and the runbook for the rest. */
export function CutoverChecks({ snapshot, passes }: ChecksProps) {
  const { data: runbookId } = useQuery(cutoverRunbookQuery());
  const { counts } = snapshot;
  const problems = PROBLEM_STATES.reduce((sum, state) => sum + counts[state], 0);
  const last = passes.at(-1);
  const found = last === undefined || last.epoch === 0 ? undefined : last.added + last.changed;
  return (
    <ul className="mt-1 grid gap-1">
      <Check isGood={counts.pending + counts.copied === 0 && problems === 0}>
        {formatCount(counts.verified)} objects proven, {formatCount(problems)} to decide
      </Check>
      <Check isGood={isLookClean(snapshot)}>
        {found === undefined ? "Nobody has looked at the source again" : lookText(found)}
        {last !== undefined && (
          <>
            , <RelativeTime at={last.sealedAt} />
          </>
        )}
      </Check>
      <Check isGood={undefined}>
        {runbookId === undefined || runbookId === null ? (
          <>
            The rest is for a runbook:{" "}
            <Link className="link" href={routes.runbooks({ q: "cutover" })}>
              look for one
            </Link>
          </>
        ) : (
          <>
            The rest is in the runbook:{" "}
            <Link className="link" href={routes.runbook(runbookId, runValues(snapshot))}>
              start a run of the cutover
            </Link>
          </>
        )}
      </Check>
    </ul>
  );
}

function lookText(found: number): string {
  if (found === 0) return "The last look at the source found nothing new";
  return `The last look found ${formatCount(found)} new or changed ${found === 1 ? "object" : "objects"}: it is still written`;
}

/** The values of the runbook's placeholders, as its start dialog takes them from the address. */
function runValues({ id, name, source, destination }: S3MigrationSnapshot): Record<string, string> {
  return {
    start: "",
    for: `Cutover of ${name}`,
    migration: id,
    source: storeText(source),
    destination: storeText(destination),
    ...(destination.kind === "s3" && { bucket: destination.bucket, prefix: destination.prefix }),
  };
}

function Check({ isGood, children }: { isGood: boolean | undefined; children: ReactNode }) {
  const tone = isGood === undefined ? "neutral" : isGood ? "ok" : "warn";
  return (
    <li className="flex items-start gap-2">
      <StateGlyph
        tone={tone}
        label={isGood === undefined ? "for a person" : isGood ? "so" : "not so"}
        className="mt-1"
      />
      <span className="min-w-0">{children}</span>
    </li>
  );
}
