import { computeOwnWork } from "../own-work";
import { colouredAs, detailOf, nameOf } from "../span-text";
import { parseTraceAddress } from "../trace-address";
import type { SkeletonFacts } from "../trace-facts";
import { hasFlag, type TraceSkeleton } from "../trace-skeleton";
import { firstZoom, type ZoomWindow } from "../zoom-window";
import { markCalls } from "./call-strip";
import { findHero } from "./find-hero";
import { type FoldContext, makeFoldContexts } from "./fold-context";
import { membersOf, type TracePlan } from "./trace-plan";
import { layoutRows, ROW_KINDS, type RowKind, type WaterfallLayout } from "./waterfall-layout";

/** One of the first rows, ready to be drawn. Places are in units of {@link DRAWN_WIDTH}. */
export type FirstRow = {
  kind: Exclude<RowKind, "missing">;
  /** 0 for roots. */
  level: number;
  name: string;
  detail: string;
  /** Whose colour it has. */
  service: string;
  /** Spans it stands for, itself not counted where it is one. */
  spans: number;
  /** Null where nothing is below. */
  isOpen: boolean | null;
  isHero: boolean;
  isFailed: boolean;
  /** From and to of its whole time, where it waited for others; null where it did not. */
  pale: [number, number] | null;
  /** From, to, from, to … of its work, or of what it stands for. */
  solid: number[];
  durationUs: number;
  pathUs: number;
};

/** What of a waterfall is seen first, before its trace has come. */
export type FirstRows = {
  spanCount: number;
  rowCount: number;
  zoom: ZoomWindow;
  hasPath: boolean;
  rows: FirstRow[];
};

export const DRAWN_WIDTH = 10_000;
/** More than fit on a screen below the verdict. */
const MAX_ROWS = 40;
/** Own work in more stretches than this is left out for now: some of them would look like all. */
const MAX_STRETCHES = 40;
/** Marks of a fold nearer to each other than this are drawn as one. */
const LEAST_GAP = 50;
const MAX_TEXT = 160;
/** Members of a run of short ones that give it its name. */
const TOLD_OF = 50;
/** Parameters that show something else than the first rows, or mark some of them. */
const ELSEWHERE = ["span", "find", "only", "hide", "root"];

type Opened = { skeleton: TraceSkeleton; facts: Pick<SkeletonFacts, "skewedSpanCount"> };

/**
 * The first rows of a trace under an address; undefined where that shows something else first. Total: an empty trace has
 * none.
 */
export function firstRowsOf(trace: Opened, plan: TracePlan, params: URLSearchParams): FirstRows | undefined {
  const { skeleton } = trace;
  const address = parseTraceAddress(skeleton, params);
  if (address.viewName !== "waterfall" || ELSEWHERE.some((name) => params.has(name))) return undefined;
  const context = makeFoldContexts(skeleton, plan)(address.switches);
  const layout = layoutRows({ ...context, ...address, missing: [], kept: undefined });
  const zoom = params.has("zoom") ? address.zoom : firstZoomOf(trace, plan);
  const draw = { context, layout, zoom, hero: findHero(context) };
  return {
    spanCount: skeleton.spanCount,
    rowCount: layout.count,
    zoom,
    hasPath: address.switches.has("path"),
    rows: Array.from({ length: Math.min(MAX_ROWS, layout.count) }, (_, index) => toRow(draw, index)),
  };
}

/** The window that a trace is shown in at first. */
export function firstZoomOf({ skeleton, facts }: Opened, { path }: TracePlan): ZoomWindow {
  const [fromUs, toUs] = [path.fromUs[0], path.toUs.at(-1)];
  const onPath = fromUs === undefined || toUs === undefined ? undefined : { fromUs, toUs };
  return firstZoom({ durationUs: skeleton.durationUs, isSkewed: facts.skewedSpanCount > 0 }, onPath);
}

type Draw = { context: FoldContext; layout: WaterfallLayout; zoom: ZoomWindow; hero: number };

function toRow(draw: Draw, index: number): FirstRow {
  const { layout } = draw;
  const ref = layout.ref[index] ?? 0;
  // The walk is depth-first: what is below a row stands right under it.
  const level = layout.level[index] ?? 0;
  const isOpen = (layout.level[index + 1] ?? 0) > level;
  const kind = ROW_KINDS[layout.kind[index] ?? 0];
  switch (kind) {
    case "group":
      return { ...groupRow(draw, ref), level, isOpen };
    case "short":
      return { ...shortRow(draw, ref), level, isOpen };
    case "gap":
      return { ...gapRow(draw, ref), level, isOpen: null };
    default:
      return { ...spanRow(draw, ref), level, isOpen: (draw.context.trace.childCount[ref] ?? 0) > 0 ? isOpen : null };
  }
}

type Drawn = Omit<FirstRow, "level" | "isOpen">;

function spanRow({ context: { trace, plan }, zoom }: Draw, span: number): Drawn {
  const startUs = trace.spanStartUs[span] ?? 0;
  const durationUs = trace.spanDurationUs[span] ?? 0;
  const isLeaf = trace.childCount[span] === 0;
  const work = isLeaf ? [startUs, startUs + durationUs] : Array.from(computeOwnWork(trace, span));
  return {
    kind: "span",
    ...named(trace, span),
    spans: (trace.subtreeEnd[span] ?? span + 1) - span - 1,
    isHero: false,
    isFailed: hasFlag(trace, span, "error"),
    pale: isLeaf ? null : (placed([startUs, startUs + durationUs], zoom) as [number, number]),
    solid: placed(work.length > 2 * MAX_STRETCHES ? [] : work, zoom),
    durationUs,
    pathUs: plan.path.throughUs[span] ?? 0,
  };
}

function groupRow({ context: { trace, plan }, zoom, hero }: Draw, group: number): Drawn {
  const rows = membersOf(plan.groups, group);
  const maxUs = plan.groups.maxUs[group] ?? 0;
  const marks = markCalls(trace, rows, { window: zoom, maxUs, lanes: 1 });
  return {
    kind: "group",
    ...named(trace, rows[0] ?? 0),
    spans: rows.length,
    isHero: hero === group,
    isFailed: (plan.groups.errors[group] ?? 0) > 0,
    pale: null,
    solid: joined(marks.flatMap(({ from, to }) => [from * DRAWN_WIDTH, to * DRAWN_WIDTH].map(Math.round))),
    durationUs: plan.groups.sumUs[group] ?? 0,
    pathUs: rows.reduce((sum, row) => sum + (plan.path.throughUs[row] ?? 0), 0),
  };
}

function shortRow({ context: { trace, plan, shorts }, zoom }: Draw, run: number): Drawn {
  const from = shorts.start[run] ?? 0;
  const rows = shorts.rows.subarray(from, shorts.start[run + 1] ?? from);
  const names = new Set(Array.from(rows.subarray(0, TOLD_OF), (row) => nameOf(trace, row)));
  const marks = markCalls(trace, rows, { window: zoom, maxUs: 0, lanes: 1 });
  return {
    kind: "short",
    name: cut([...names].slice(0, 3).join(", ")),
    detail: "",
    service: colouredAs(trace, rows[0] ?? 0),
    spans: shorts.spans[run] ?? 0,
    isHero: false,
    isFailed: false,
    pale: null,
    solid: joined(marks.flatMap(({ from, to }) => [from * DRAWN_WIDTH, to * DRAWN_WIDTH].map(Math.round))),
    durationUs: shorts.sumUs[run] ?? 0,
    pathUs: rows.reduce((sum, row) => sum + (plan.path.throughUs[row] ?? 0), 0),
  };
}

function gapRow({ context: { plan }, zoom }: Draw, gap: number): Drawn {
  const fromUs = plan.gaps.fromUs[gap] ?? 0;
  const toUs = plan.gaps.toUs[gap] ?? 0;
  return {
    kind: "gap",
    name: "unaccounted",
    detail: "",
    service: "",
    spans: 0,
    isHero: false,
    isFailed: false,
    pale: placed([fromUs, toUs], zoom) as [number, number],
    solid: [],
    durationUs: toUs - fromUs,
    pathUs: toUs - fromUs,
  };
}

function named(trace: TraceSkeleton, span: number): Pick<FirstRow, "name" | "detail" | "service"> {
  return { name: cut(nameOf(trace, span)), detail: cut(detailOf(trace, span)), service: colouredAs(trace, span) };
}

/** Stretches in any order, ascending and with those as one that touch or nearly do. */
function joined(places: readonly number[]): number[] {
  const starts = places.flatMap((from, at) => (at % 2 === 0 ? [[from, places[at + 1] ?? from] as const] : []));
  const out: number[] = [];
  for (const [from, to] of starts.sort(([a], [b]) => a - b)) {
    const last = out.length - 1;
    if (last > 0 && from - (out[last] ?? 0) < LEAST_GAP) out[last] = Math.max(out[last] ?? 0, to);
    else out.push(from, to);
  }
  return out;
}

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Times as places in the window; what lies outside of it is at its edge. */
function placed(timesUs: readonly number[], { fromUs, toUs }: ZoomWindow): number[] {
  const scale = DRAWN_WIDTH / (toUs - fromUs);
  return timesUs.map((atUs) => Math.round(Math.min(DRAWN_WIDTH, Math.max(0, (atUs - fromUs) * scale))));
}
