import { MIN_USUAL_TRACES } from "../paths/baseline";
import type { PathUsual } from "../paths/path-schema";
import { type Quantiles, rankAmong } from "../paths/quantiles";
import type { UsualReply } from "../paths/usual-schema";
import { fromBase64, fromVarints } from "../skeleton-wire";
import { NO_PARENT, type TraceSkeleton } from "../trace-skeleton";
import { membersOf, type TracePlan } from "./trace-plan";
import type { MissingSteps } from "./waterfall-layout";

/** What is usual, by the rows of one version of a trace. */
export type UsualOfTrace = {
  traceCount: number;
  paths: readonly PathUsual[];
  /** Path of each row, -1 for a new step. */
  pathOfRow: Int32Array;
  missing: MissingSteps;
};

/**
 * Unpacks a reply; undefined when it says nothing (too few traces) or belongs to other rows. A missing step stands below
 * the first row of the path above it.
 */
export function toUsualOfTrace(reply: UsualReply, trace: TraceSkeleton, version: string): UsualOfTrace | undefined {
  if (reply.baseline.traceCount < MIN_USUAL_TRACES || reply.version !== version) return undefined;
  const packed = fromVarints(fromBase64(reply.pathOfRow), new Uint32Array(trace.spanCount));
  const pathOfRow = Int32Array.from(packed, (value) => value - 1);
  const firstRow = new Map<number, number>();
  for (const [row, path] of pathOfRow.entries()) if (!firstRow.has(path)) firstRow.set(path, row);
  const missing = reply.missing.flatMap(({ pathIndex }) => {
    const above = firstRow.get(reply.paths[pathIndex]?.parent ?? -1);
    return above === undefined ? [] : [{ parent: above, path: pathIndex }];
  });
  return { traceCount: reply.baseline.traceCount, paths: reply.paths, pathOfRow, missing };
}

/** `via`: far above its usual, and what is below it explains that. `high`: the row itself does. */
export type UsualTone = "plain" | "raised" | "high" | "via";
export type RowUsual =
  /** `release` is the one that brought the step, where traces of earlier ones prove it. */
  | { kind: "new"; isFirst: boolean; release: string | null }
  | { kind: "known"; usual: Quantiles; nowUs: number; rank: string; tone: UsualTone; calls: string };

/** From this rank on a row is raised, and from this one it is high. */
const RAISED_RANK = 95;
const HIGH_RANK = 99;
/** A row explains its excess when at least this share of it is in its own work. */
const OWN_SHARE = 0.5;

type Asked = { trace: TraceSkeleton; plan: TracePlan; usual: UsualOfTrace };

/** One call against the calls of its step. A step below a new one is new by that, which `isFirst` tells apart. */
export function usualOfSpan({ trace, plan, usual }: Asked, span: number): RowUsual {
  const path = usual.paths[usual.pathOfRow[span] ?? -1];
  if (path === undefined || path.newIn !== null) {
    const parent = trace.parent[span] ?? NO_PARENT;
    const isFirst = parent === NO_PARENT || !isNewStep(usual, parent);
    return { kind: "new", isFirst, release: path?.newIn ?? null };
  }
  const own = { nowUs: plan.selfUs[span] ?? 0, usualUs: path.ownUs.p50Us / Math.max(1, path.calls.p50) };
  return known({ usual: path.callUs, nowUs: trace.spanDurationUs[span] ?? 0, own, calls: "" });
}

function isNewStep(usual: UsualOfTrace, span: number): boolean {
  const path = usual.paths[usual.pathOfRow[span] ?? -1];
  return path === undefined || path.newIn !== null;
}

/**
 * Whether all these rows are steps nobody had before, and the release that brought them where one did; undefined when
 * some are known. A finding about them has no usual time.
 */
export function newnessOf(usual: UsualOfTrace, rows: readonly number[]): { release: string | null } | undefined {
  const [first] = rows;
  if (first === undefined || !rows.every((row) => isNewStep(usual, row))) return undefined;
  const releases = new Set(rows.map((row) => usual.paths[usual.pathOfRow[row] ?? -1]?.newIn ?? null));
  const [release = null] = releases;
  return { release: releases.size === 1 ? release : null };
}

/** How newness is told everywhere. */
export function newText(release: string | null): string {
  return release === null ? "new" : `new in ${release}`;
}

/** All calls of a fold against the step's sum in other traces; more calls than ever seen explain themselves. */
export function usualOfGroup({ trace, plan, usual }: Asked, group: number): RowUsual {
  const rows = membersOf(plan.groups, group);
  const first = rows[0] ?? 0;
  const path = usual.paths[usual.pathOfRow[first] ?? -1];
  if (path === undefined || path.newIn !== null) return usualOfSpan({ trace, plan, usual }, first);
  let ownUs = 0;
  for (const row of rows) ownUs += plan.selfUs[row] ?? 0;
  const isDrift = rows.length > path.calls.max;
  const nowUs = plan.groups.sumUs[group] ?? 0;
  const own = { nowUs: isDrift ? nowUs : ownUs, usualUs: isDrift ? 0 : path.ownUs.p50Us };
  return known({ usual: path.totalUs, nowUs, own, calls: isDrift ? `usually ${Math.round(path.calls.p50)} ×` : "" });
}

/** A pause against what its parent usually works itself. */
export function usualOfGap({ usual, plan }: Asked, gap: number): RowUsual | undefined {
  const path = usual.paths[usual.pathOfRow[plan.gaps.parent[gap] ?? -1] ?? -1];
  if (path === undefined) return undefined;
  const nowUs = (plan.gaps.toUs[gap] ?? 0) - (plan.gaps.fromUs[gap] ?? 0);
  return known({ usual: path.ownUs, nowUs, own: { nowUs, usualUs: path.ownUs.p50Us }, calls: "" });
}

type Measured = { usual: Quantiles; nowUs: number; own: { nowUs: number; usualUs: number }; calls: string };

function known({ usual, nowUs, own, calls }: Measured): RowUsual {
  const rank = rankAmong(nowUs, usual);
  const isOwn = own.nowUs - own.usualUs >= (nowUs - usual.p50Us) * OWN_SHARE;
  return { kind: "known", usual, nowUs, rank: toRankText(rank), tone: toneOf(rank, isOwn), calls };
}

function toneOf(rank: number, isOwn: boolean): UsualTone {
  if (rank < RAISED_RANK) return "plain";
  if (!isOwn) return "via";
  return rank >= HIGH_RANK ? "high" : "raised";
}

function toRankText(rank: number): string {
  return rank > HIGH_RANK ? ">p99" : `p${Math.max(1, Math.round(rank))}`;
}

/** Where a time stands on a strip from 0 to 1 on which the usual median always stands at 0.36; 40 × is the end. */
export function placeOnStrip(valueUs: number, medianUs: number): number {
  if (medianUs <= 0) return valueUs > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, 0.36 + Math.log(Math.max(1e-6, valueUs / medianUs)) / Math.log(40)));
}
