"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { formatAbsolute } from "@/components/ui/relative-time";
import type { LaneBar, LaneDeploys, ChartLanes as Lanes } from "../domain/chart-lanes";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** What happened, above what it did: three columns of the chart's grid, which share its time axis. A list on a phone. */
export function ChartLanes({ lanes }: { lanes: Lanes }) {
  return (
    <>
      {lanes.deploys.length > 0 && (
        <Lane name="Deploys">
          <div className="relative h-5">
            {lanes.deploys.map((deploys) => (
              <DeployMarks deploys={deploys} key={deploys.key} />
            ))}
          </div>
        </Lane>
      )}
      <BarLane name="S3 migrations" rows={lanes.migrations} className="border-running/60 bg-running-soft" />
      <BarLane name="Runs" rows={lanes.runs} className="border-line-strong bg-sunken" />
      <EventList lanes={lanes} />
    </>
  );
}

function Lane({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <span className="self-center text-sm text-ink-2 max-phone:hidden">{name}</span>
      <div className="border-b border-grid py-px max-phone:hidden">{children}</div>
      <span className="max-phone:hidden" />
    </>
  );
}

function DeployMarks({ deploys: { marks, label, nameAt, from, to } }: { deploys: LaneDeploys }) {
  const [first, last] = [marks[0]?.at ?? 0, marks.at(-1)?.at ?? 0];
  const name = nameAt === "right" ? { left: last, width: to - last } : { left: from, width: first - from };
  return (
    <span title={marks.map((mark) => `${mark.label}, ${formatAbsolute(mark.atMs)}`).join("\n")}>
      {marks.map(({ key, at }) => (
        <span
          aria-hidden
          className="absolute top-1/2 -ml-1 -translate-y-1/2 text-[9px] leading-none text-ink"
          key={key}
          style={{ left: `${at * 100}%` }}
        >
          ▼
        </span>
      ))}
      <span
        className={`mono absolute top-0 truncate px-1.5 text-xs leading-5 text-ink-2 ${nameAt === "left" ? "text-right" : ""}`}
        style={{ left: `${name.left * 100}%`, width: `${name.width * 100}%` }}
      >
        {label}
      </span>
    </span>
  );
}

function BarLane({ name, rows, className }: { name: string; rows: readonly LaneBar[][]; className: string }) {
  if (rows.length === 0) return null;
  return (
    <Lane name={name}>
      {rows.map((row) => (
        <div className="relative h-6" key={row[0]?.key}>
          {row.map((bar) => (
            <NamedBar bar={bar} className={className} key={bar.key} />
          ))}
        </div>
      ))}
    </Lane>
  );
}

/** A bar with its name in or beside it, cut where the chart ends. */
function NamedBar({ bar, className }: { bar: LaneBar; className: string }) {
  const { start, end, from, to, nameAt, label } = bar;
  const width = end > start ? ((to - from) / (end - start)) * 100 : 0;
  return (
    <Link
      className={`absolute inset-y-0 flex min-w-1 items-center text-xs/[16px] text-ink no-underline hover:underline ${nameAt === "left" ? "flex-row-reverse" : ""}`}
      href={bar.href}
      style={{ left: `${start * 100}%`, width: `${(end - start) * 100}%` }}
      title={`${label}, ${timesOf(bar)}`}
    >
      <span className={`block h-4 min-w-1 shrink-0 rounded-xs border ${className}`} style={{ width: `${width}%` }}>
        {nameAt === "inside" && <span className="block truncate px-1 leading-[14px]">{label}</span>}
      </span>
      {nameAt !== "inside" && (
        <span className={`min-w-0 grow truncate px-1 ${nameAt === "left" ? "text-right" : ""}`}>{label}</span>
      )}
    </Link>
  );
}

/** The same events in words, where lanes would be too narrow to read. */
function EventList({ lanes }: { lanes: Lanes }) {
  const bars = [...lanes.migrations, ...lanes.runs].flat();
  const deploys = lanes.deploys.flatMap(({ marks }) => marks);
  if (deploys.length + bars.length === 0) return null;
  return (
    <ul className="col-span-3 mb-2 hidden text-sm text-ink-2 max-phone:block">
      {deploys.map(({ key, atMs, label }) => (
        <li key={key}>
          <span className="tabular-nums">{CLOCK.format(atMs)}</span> deploy of <span className="mono">{label}</span>
        </li>
      ))}
      {bars.map((bar) => (
        <li key={bar.key}>
          <Link className="inline-flex min-h-11 items-center gap-1 text-ink-2" href={bar.href}>
            <span className="tabular-nums">{timesOf(bar)}</span> {bar.label}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const timesOf = ({ fromMs, toMs }: LaneBar): string =>
  `${CLOCK.format(fromMs)} to ${toMs === null ? "now" : CLOCK.format(toMs)}`;
