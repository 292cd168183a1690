"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { Button } from "@/components/ui/button";
import { StateGlyph } from "@/components/ui/state-glyph";
import { DEFAULT_RANGE, RANGE_WORDS } from "@/lib/time-range";
import { stateSentence } from "../domain/state-sentence";
import { deploysQuery, healthQuery, runsQuery, s3MigrationsQuery, traceSourceQuery, tracesQuery } from "../queries";

/** The sentence that adds up what is known, and the buttons that follow from it. */
export function StateLine() {
  const range = useTimeRange();
  const traces = useLiveQuery(tracesQuery(range));
  const { headline, others, actions } = stateSentence({
    health: useQuery(healthQuery).data,
    traceSource: useQuery(traceSourceQuery).data,
    isTraceSourceSilent: traces.isSlow || traces.problem !== undefined || traces.data?.digest.read.isFailing === true,
    traces: traces.data?.digest,
    migrations: useQuery(s3MigrationsQuery).data?.migrations,
    runs: useQuery(runsQuery).data?.runs,
    deploys: useQuery(deploysQuery(range)).data ?? [],
    windowText:
      range.range === undefined && range.from !== undefined
        ? "the chosen window"
        : `the last ${RANGE_WORDS[range.range ?? DEFAULT_RANGE]}`,
  });
  return (
    <section aria-labelledby="state-headline" className="pt-0.5 pb-4">
      <div className="flex items-start gap-3">
        <StateGlyph tone={headline.tone} label={LABELS[headline.tone]} className="mt-1 size-5" />
        <h1 id="state-headline" className="min-w-0 text-xl break-words max-phone:text-[19px]/[25px]">
          {headline.text}
        </h1>
      </div>
      {others.length > 0 && (
        <p className="mt-1 ml-8 max-w-[132ch] leading-5 text-ink-2 max-phone:mt-2 max-phone:ml-0">
          {others.map(({ text, tone }) => (
            <span key={text} className={tone === "warn" || tone === "bad" ? "font-[550] text-ink" : undefined}>
              {text}{" "}
            </span>
          ))}
        </p>
      )}
      {actions.length > 0 && (
        <div className="mt-3 ml-8 flex flex-wrap gap-2 max-phone:ml-0">
          {actions.map(({ label, href }, at) => (
            <Button key={label} asChild variant={at === 0 ? "primary" : "secondary"} className="max-phone:grow">
              <Link href={href}>{label}</Link>
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}

const LABELS = { neutral: "No news", running: "Being read", ok: "Well", warn: "Needs attention", bad: "Bad" };
