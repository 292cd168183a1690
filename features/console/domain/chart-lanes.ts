import { type Route, routes } from "@/lib/routes";
import type { TimeWindow } from "@/lib/time-range";
import type { Run, S3Migration } from "./neighbours";
import type { Deploy } from "./operation-slowdown";

/** More rows push the chart off the first screen. */
const MOST_ROWS = 2;
/** A name takes about so much of the window. */
const NAME_SHARE = 0.16;

export type LaneMark = { key: string; at: number; atMs: number; label: string };
export type LaneBar = {
  key: string;
  from: number;
  to: number;
  fromMs: number;
  /** Null while it lasts. */
  toMs: number | null;
  label: string;
  /** Where the name stands: a bar too narrow for it has it beside itself. */
  nameAt: "inside" | "left" | "right";
  href: Route;
};
/** What happened, in shares of the window from 0 to 1; rows of bars that do not overlap. */
export type ChartLanes = { deploys: LaneMark[]; migrations: LaneBar[][]; runs: LaneBar[][] };

type Events = { deploys: readonly Deploy[]; migrations: readonly S3Migration[]; runs: readonly Run[]; nowMs: number };

/** Deploys, S3 migrations and runs of a window, to be drawn above what they did. */
export function toChartLanes({ fromMs, toMs }: TimeWindow, { deploys, migrations, runs, nowMs }: Events): ChartLanes {
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  const bar = (
    one: { key: string; label: string; href: Route },
    start: string | null,
    end: string | null,
  ): LaneBar[] => {
    if (start === null) return [];
    const [startMs, endMs] = [Date.parse(start), end === null ? null : Date.parse(end)];
    if (startMs >= toMs || (endMs ?? nowMs) <= fromMs) return [];
    const [from, to] = [share(startMs), share(endMs ?? nowMs)];
    const nameAt = to - from >= NAME_SHARE ? "inside" : from < 1 - NAME_SHARE ? "right" : "left";
    return [{ ...one, from, to, nameAt, fromMs: startMs, toMs: endMs }];
  };
  return {
    deploys: deploys
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .map(({ id, service, version, atMs }) => ({ key: id, at: share(atMs), atMs, label: `${service} ${version}` }))
      .sort((a, b) => a.at - b.at),
    migrations: pack(
      migrations.flatMap(({ id, name, startedAt, finishedAt }) =>
        bar({ key: id, label: name, href: routes.s3Migration(id) }, startedAt, finishedAt),
      ),
    ),
    runs: pack(
      runs.flatMap(({ id, title, startedAt, endedAt }) =>
        bar({ key: id, label: `#${id} ${title}`, href: routes.run(id) }, startedAt, endedAt),
      ),
    ),
  };
}

/** What a bar takes with its name. */
function roomOf({ from, to, nameAt }: LaneBar): { start: number; end: number } {
  return { start: nameAt === "left" ? from - NAME_SHARE : from, end: nameAt === "right" ? to + NAME_SHARE : to };
}

/** Each bar in the first row with room for it; what finds none in two rows, the oldest first, is left to its own page. */
function pack(bars: readonly LaneBar[]): LaneBar[][] {
  const rows: LaneBar[][] = [];
  for (const bar of bars.toSorted((a, b) => b.from - a.from)) {
    const { start, end } = roomOf(bar);
    const row = rows.find((each) => each.every((other) => roomOf(other).start >= end || roomOf(other).end <= start));
    if (row !== undefined) row.push(bar);
    else if (rows.length < MOST_ROWS) rows.push([bar]);
  }
  return rows;
}
