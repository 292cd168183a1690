"use client";

import { useQuery } from "@tanstack/react-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { formatCount, formatDuration } from "@/lib/format";
import { type HostRow, toHostRows } from "../../domain/service-view/host-rows";
import { hostsQuery } from "../group-queries";

/** Whether it is one host: p50 to p95 of each on one scale. Nothing where a service has one host or names none. */
export function HostStrip({ service, requestCount }: { service: string; requestCount: number | null }) {
  const range = useTimeRange();
  const { data = [] } = useQuery(hostsQuery(service, range));
  const { rows, sentence } = toHostRows(data, requestCount);
  if (rows.length < 2) return null;
  const isSampled = rows.some(({ isWhole }) => !isWhole);
  return (
    <section aria-label="Hosts" className="border-t border-line px-4 py-2.5 text-sm max-phone:px-3.5">
      <h3 className="text-sm font-semibold [overflow-wrap:anywhere]">{sentence}</h3>
      <ul className="mt-1.5 grid gap-1">
        {rows.map((row) => (
          <li className="grid grid-cols-[minmax(0,92px)_minmax(0,1fr)_64px] items-center gap-2" key={row.host}>
            <bdi className="mono truncate" title={row.host}>
              {row.host}
            </bdi>
            <Range {...row} />
            <b className="text-right font-semibold tabular-nums" title={`p95 of ${formatCount(row.count)} requests`}>
              <span className="sr-only">
                p50 {formatDuration(row.p50Us)}, p95 of {formatCount(row.count)} requests{" "}
              </span>
              {formatDuration(row.p95Us)}
            </b>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 text-xs text-ink-3">
        p50 to p95 of the requests it begins{isSampled ? ", of the newest the source gives" : ""}.
      </p>
    </section>
  );
}

function Range({ from, to, isSlow }: HostRow) {
  const colour = isSlow ? "var(--bad)" : "var(--s1)";
  const at = (share: number) => `${(2 + share * 94).toFixed(2)}%`;
  return (
    <svg aria-hidden className="block h-3 w-full">
      <line stroke="var(--line)" x1="0" x2="100%" y1="6" y2="6" />
      <line stroke={colour} strokeWidth="2" x1={at(from)} x2={at(to)} y1="6" y2="6" />
      <circle cx={at(from)} cy="6" fill="var(--surface)" r="3" stroke={colour} strokeWidth="1.5" />
      <circle cx={at(to)} cy="6" fill={colour} r="3.5" />
    </svg>
  );
}
