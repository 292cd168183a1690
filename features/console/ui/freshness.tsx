"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useNow } from "@/components/hooks/use-now";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatAge } from "@/lib/format";
import { routes } from "@/lib/routes";
import { owedMs, unheardMs } from "../domain/component-health";
import { healthQuery, traceSourceQuery } from "../queries";

/** How well the sources are, and whether the figures on screen are of now. */
export function Freshness() {
  const nowMs = useNow();
  const health = useQuery(healthQuery);
  const source = useQuery(traceSourceQuery);
  const unwell = (health.data?.components ?? [])
    .filter(({ status }) => status !== "ok")
    .map(({ name }): string => name);
  if (source.data?.state === "down") unwell.push("trace source");
  const ageMs = nowMs === undefined || health.dataUpdatedAt === 0 ? undefined : nowMs - health.dataUpdatedAt;
  const heard = { health: health.data, heardAtMs: health.dataUpdatedAt, nowMs };
  const owed = owedMs(heard);
  const isStale = unheardMs(heard) !== undefined;
  return (
    <>
      {unwell.length > 0 && (
        <Link
          href={routes.overview()}
          className="flex items-center gap-1.5 text-sm whitespace-nowrap text-warn no-underline hover:underline touch:min-h-11 touch:min-w-8"
        >
          <StateGlyph tone="warn" />
          <span className="max-phone:sr-only">
            {unwell.length === 1 ? `${unwell[0]} not well` : `${unwell.length} sources not well`}
          </span>
        </Link>
      )}
      <span className="flex items-center gap-[7px] text-sm whitespace-nowrap text-ink-2">
        {isStale || health.isError ? (
          <>
            <StateGlyph tone="stale" />
            {ageMs === undefined ? "No answer" : `Last heard ${formatAge(ageMs)}`}
          </>
        ) : (
          // What does not hear its sources is not live, however well the server answers.
          unwell.length === 0 &&
          owed === undefined &&
          health.data !== undefined && (
            <>
              <span aria-hidden className="size-[7px] rounded-full bg-ok shadow-[0_0_0_3px_var(--ok-soft)]" />
              <span className="max-phone:sr-only">Live</span>
            </>
          )
        )}
      </span>
    </>
  );
}
