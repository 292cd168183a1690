"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph, type StateTone } from "@/components/ui/state-glyph";
import { formatCount } from "@/lib/format";
import type { Connection } from "../contract";
import { healthQuery, runbooksQuery, traceSourceQuery } from "../queries";

type Source = { name: string; tone: StateTone; note: ReactNode; at: number | string | undefined };

/** Where the figures on this page come from and how old they are. */
export function SourcesCard({ connection, className }: { connection: Connection; className?: string }) {
  const sources = [useTraceSource(connection), ...useComponents(), ...useRunbookSources()];
  return (
    <Card aria-labelledby="sources-card" className={className ?? ""}>
      <CardHeader id="sources-card" title="Where the figures come from" meta="and how old they are" />
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(210px,1fr))] border-t border-line max-phone:grid-cols-1">
        {sources.map(({ name, tone, note, at }) => (
          <li
            key={name}
            className={`-mb-px -ml-px grid grid-cols-[20px_minmax(0,1fr)_auto] content-start gap-y-0.5 border-b border-l border-line px-3.5 py-2.5 text-sm ${tone === "stale" ? "hatched" : ""}`}
          >
            <StateGlyph tone={tone} label={GLYPH_LABELS[tone]} className="mt-[3px]" />
            <span className="truncate font-[550]">{name}</span>
            {at === undefined ? <span /> : <RelativeTime at={at} className="whitespace-nowrap text-ink-2" />}
            <span className="col-start-2 col-end-4 break-words text-ink-3">{note}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const GLYPH_LABELS: Record<StateTone, string> = {
  neutral: "not known yet",
  ok: "well",
  warn: "needs attention",
  bad: "down",
  running: "working",
  stale: "stale",
};

function useTraceSource(connection: Connection): Source {
  const { data, problem, isSlow, dataAt } = useLiveQuery(traceSourceQuery);
  const isStale = problem !== undefined || isSlow;
  const name = connection.foreignJaegerUrl === null ? "Own collector" : "Jaeger";
  if (data === undefined)
    return { name, tone: isStale ? "stale" : "neutral", note: "not heard from yet", at: undefined };
  if (data.state === "down")
    return { name, tone: "bad", note: data.reason ?? data.host, at: data.downSince ?? undefined };
  const latency = data.latencyMs === null ? "" : `, answers in ${formatCount(Math.round(data.latencyMs))}\u202fms`;
  return {
    name,
    tone: isStale ? "stale" : "ok",
    note: `${data.host}${isSlow ? ", no answer yet" : latency}`,
    at: dataAt,
  };
}

const COMPONENT_NAMES: Record<string, string> = { database: "Postgres", worker: "Worker", collector: "Collector" };
const TONE_OF = { ok: "ok", degraded: "warn", down: "bad" } as const;

function useComponents(): Source[] {
  const { data, isError, dataUpdatedAt } = useQuery(healthQuery);
  return (data?.components ?? [])
    .filter(({ name }) => name !== "web")
    .map(({ name, status, detail, seenAt, since }) => ({
      name: COMPONENT_NAMES[name] ?? name,
      tone: isError ? "stale" : TONE_OF[status],
      note: detail ?? (name === "database" ? "answers" : "alive"),
      at: since ?? seenAt ?? dataUpdatedAt,
    }));
}

function useRunbookSources(): Source[] {
  const { data } = useQuery(runbooksQuery);
  return (data?.sources ?? []).map(({ name, location, syncedAt, failure, runbookCount }) => ({
    name: `Runbooks: ${name}`,
    tone: failure === null ? "ok" : "stale",
    note: failure ?? `${formatCount(runbookCount)} from ${location}`,
    at: syncedAt ?? undefined,
  }));
}
