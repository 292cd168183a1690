import { type Route, routes } from "@/lib/routes";
import type { TimeWindow } from "@/lib/time-range";
import type { Run, S3Migration } from "./neighbours";
import type { Deploy } from "./operation-slowdown";

/** More rows push the chart off the first screen. */
const MOST_ROWS = 2;
/** A name takes about so much of the window. */
const NAME_SHARE = 0.16;
/** A letter of a deploy's name, 6.7 px, on a chart of 670 px: what a window of 1,024 px leaves it. */
const LETTER_SHARE = 0.01;
/** Half a mark, and the gap to its name. */
const MARK_SHARE = 0.01;

export type LaneMark = { key: string; at: number; atMs: number; label: string };
/** Deploys that are nearer to each other than their names are long, under one name. */
export type LaneDeploys = {
  key: string;
  marks: LaneMark[];
  label: string;
  /** Behind the last mark, or before the first. */
  nameAt: "left" | "right";
  /** What marks and name take together. */
  from: number;
  to: number;
};
export type LaneBar = {
  key: string;
  from: number;
  to: number;
  /** What the bar takes together with a name beside it. */
  start: number;
  end: number;
  fromMs: number;
  /** Null while it lasts. */
  toMs: number | null;
  label: string;
  /** Where the name stands: a bar too narrow for it has it beside itself. */
  nameAt: "inside" | "left" | "right";
  href: Route;
};
/** What happened, in shares of the window from 0 to 1; rows of bars that do not overlap. */
export type ChartLanes = { deploys: LaneDeploys[]; migrations: LaneBar[][]; runs: LaneBar[][] };

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
    return [{ ...one, from, to, ...placeName(from, to), fromMs: startMs, toMs: endMs }];
  };
  return {
    deploys: together(
      deploys
        .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
        .sort((a, b) => a.atMs - b.atMs)
        .map((deploy) => ({ ...deploy, at: share(deploy.atMs) })),
    ),
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

/** Inside where the bar is wide enough, else behind it, else before it: the name begins where the bar ends. */
function placeName(from: number, to: number): Pick<LaneBar, "nameAt" | "start" | "end"> {
  if (to - from >= NAME_SHARE) return { nameAt: "inside", start: from, end: to };
  if (to + NAME_SHARE <= 1) return { nameAt: "right", start: from, end: to + NAME_SHARE };
  return { nameAt: "left", start: Math.max(0, from - NAME_SHARE), end: to };
}

type Placed = Deploy & { at: number };

/** Neighbours are put under one name until no name lies on another. */
function together(deploys: readonly Placed[]): LaneDeploys[] {
  const groups: Placed[][] = deploys.map((deploy) => [deploy]);
  for (let no = 0; no + 1 < groups.length; ) {
    const [one = [], next = []] = [groups[no], groups[no + 1]];
    if (toLaneDeploys(one).to <= toLaneDeploys(next).from) {
      no += 1;
      continue;
    }
    groups.splice(no, 2, [...one, ...next]);
    // The name is another one now, and may reach the one before.
    no = Math.max(0, no - 1);
  }
  return groups.map(toLaneDeploys);
}

function toLaneDeploys(group: readonly Placed[]): LaneDeploys {
  const [first, last] = [group[0]?.at ?? 0, group.at(-1)?.at ?? 0];
  const label = deploysText(group);
  const nameShare = MARK_SHARE + label.length * LETTER_SHARE;
  const isRight = last + nameShare <= 1 || first < nameShare;
  return {
    key: group[0]?.id ?? "",
    marks: group.map(({ id, service, version, at, atMs }) => ({
      key: id,
      at,
      atMs,
      label: `${service} ${version}`,
    })),
    label,
    nameAt: isRight ? "right" : "left",
    from: Math.max(0, first - (isRight ? MARK_SHARE : nameShare)),
    to: Math.min(1, last + (isRight ? nameShare : MARK_SHARE)),
  };
}

/** "3 services v3.14.2": what they have in common, or how many they are. */
function deploysText(group: readonly Deploy[]): string {
  const [first] = group;
  if (first === undefined) return "";
  if (group.length === 1) return `${first.service} ${first.version}`;
  const services = new Set(group.map(({ service }) => service)).size;
  if (services === 1) return `${first.service}, ${group.length} deploys`;
  const isOneVersion = group.every(({ version }) => version === first.version);
  return isOneVersion && services === group.length
    ? `${services} services ${first.version}`
    : `${group.length} deploys`;
}

/** Each bar in the first row with room for it; what finds none in two rows, the oldest first, is left to its own page. */
function pack(bars: readonly LaneBar[]): LaneBar[][] {
  const rows: LaneBar[][] = [];
  for (const bar of bars.toSorted((a, b) => b.from - a.from)) {
    const row = rows.find((each) => each.every((other) => other.start >= bar.end || other.end <= bar.start));
    if (row !== undefined) row.push(bar);
    else if (rows.length < MOST_ROWS) rows.push([bar]);
  }
  return rows;
}
