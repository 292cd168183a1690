"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { formatAbsolute } from "@/components/ui/relative-time";
import type { LaneBar, LaneMark, ChartLanes as Lanes } from "../domain/chart-lanes";

/** A mark so far right has no room for its name behind it. */
const FLIP_AT = 0.75;
const NAME_PLACES = {
  inside: "block truncate px-1",
  left: "absolute right-full mr-1 max-w-40 truncate",
  right: "absolute left-full ml-1 max-w-40 truncate",
};
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** What happened, above what it did: three columns of the chart's grid, which share its time axis. A list on a phone. */
export function ChartLanes({ lanes }: { lanes: Lanes }) {
  return (
    <>
      {lanes.deploys.length > 0 && (
        <Lane name="Deploys">
          <div className="relative h-5">
            {lanes.deploys.map((mark) => (
              <DeployMark key={mark.key} mark={mark} />
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

function DeployMark({ mark: { at, atMs, label } }: { mark: LaneMark }) {
  const side = at > FLIP_AT ? "right-1.5" : "left-1.5";
  return (
    <span className="absolute inset-y-0" style={{ left: `${at * 100}%` }} title={`${label}, ${formatAbsolute(atMs)}`}>
      <span aria-hidden className="absolute top-1/2 -left-1 -translate-y-1/2 text-[9px] leading-none text-ink">
        ▼
      </span>
      <span className={`mono absolute top-0 text-xs leading-5 whitespace-nowrap text-ink-2 ${side}`}>{label}</span>
    </span>
  );
}

function BarLane({ name, rows, className }: { name: string; rows: readonly LaneBar[][]; className: string }) {
  if (rows.length === 0) return null;
  return (
    <Lane name={name}>
      {rows.map((row) => (
        <div className="relative h-5" key={row[0]?.key}>
          {row.map((bar) => (
            <Link
              className={`absolute top-0.5 block h-4 min-w-1 rounded-xs border text-xs/[14px] whitespace-nowrap text-ink no-underline hover:underline ${className}`}
              href={bar.href}
              key={bar.key}
              style={{ left: `${bar.from * 100}%`, width: `${(bar.to - bar.from) * 100}%` }}
              title={`${bar.label}, ${timesOf(bar)}`}
            >
              <span className={NAME_PLACES[bar.nameAt]}>{bar.label}</span>
            </Link>
          ))}
        </div>
      ))}
    </Lane>
  );
}

/** The same events in words, where lanes would be too narrow to read. */
function EventList({ lanes }: { lanes: Lanes }) {
  const bars = [...lanes.migrations, ...lanes.runs].flat();
  if (lanes.deploys.length + bars.length === 0) return null;
  return (
    <ul className="col-span-3 mb-2 hidden text-sm text-ink-2 max-phone:block">
      {lanes.deploys.map(({ key, atMs, label }) => (
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
