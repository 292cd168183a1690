import type { TraceDigestReply } from "./neighbours";

type Slowdown = NonNullable<TraceDigestReply["operations"][number]["slowdown"]>;

/** Fewer requests make a p95 of chance; the median needs no such number. */
const ENOUGH_FOR_P95 = 100;
/** Less is not worth a person's night. */
const WORTH_NAMING = 1.5;
/** A deploy so long before the change, or so little after the first requests of the new version, is named with it. */
const DEPLOY_BEFORE_MS = 10 * 60_000;
const DEPLOY_AFTER_MS = 3 * 60_000;

/** An operation that takes longer than before. */
export type OperationSlowdown = {
  sinceMs: number;
  /** Which figure grew: the 95th percentile where there are requests enough for one, else the median. */
  figure: "p95" | "p50";
  usualUs: number;
  nowUs: number;
  /** Now over usual. */
  ratio: number;
  /** What people have waited more since then, all together. */
  addedUs: number;
  /** The figure in each part of the digest's series; null without a request. */
  partsUs: (number | null)[];
};

export type Deploy = { id: string; service: string; version: string; atMs: number };

/** Null when it became slower by too little to be named. */
export function toOperationSlowdown(slowdown: Slowdown | null): OperationSlowdown | null {
  if (slowdown === null) return null;
  const { sinceUs, usual, now, addedUs } = slowdown;
  const isEnough = Math.min(usual.count, now.count) >= ENOUGH_FOR_P95;
  for (const figure of isEnough ? (["p95", "p50"] as const) : (["p50"] as const)) {
    const [usualUs, nowUs] = [usual[`${figure}Us`], now[`${figure}Us`]];
    const ratio = nowUs / Math.max(1, usualUs);
    if (ratio < WORTH_NAMING) continue;
    const partsUs = slowdown.parts.map((part) => (part.count === 0 ? null : part[`${figure}Us`]));
    return { sinceMs: sinceUs / 1000, figure, usualUs, nowUs, ratio, addedUs, partsUs };
  }
  return null;
}

/** Those that became slower, the most added waiting first. */
export function slowerFirst<One extends { slowdown: OperationSlowdown | null }>(
  operations: readonly One[],
): (One & { slowdown: OperationSlowdown })[] {
  return operations
    .flatMap((one) => (one.slowdown === null ? [] : [{ ...one, slowdown: one.slowdown }]))
    .sort((a, b) => b.slowdown.addedUs - a.slowdown.addedUs);
}

/** At most `most`, by all their time together; one that became slower is among them however little that is. */
export function mostWaiting<One extends { slowdown: OperationSlowdown | null; totalUs: number }>(
  operations: readonly One[],
  most: number,
): One[] {
  const byTime = operations.toSorted((a, b) => b.totalUs - a.totalUs);
  return [...slowerFirst(byTime), ...byTime.filter(({ slowdown }) => slowdown === null)]
    .slice(0, most)
    .sort((a, b) => b.totalUs - a.totalUs);
}

/** The deploy of the same service that a slowdown began with: the nearest one, a few minutes around it. */
export function deployOf(
  service: string,
  { sinceMs }: OperationSlowdown,
  deploys: readonly Deploy[],
): Deploy | undefined {
  return deploys
    .filter(
      (deploy) =>
        deploy.service === service &&
        deploy.atMs >= sinceMs - DEPLOY_BEFORE_MS &&
        deploy.atMs <= sinceMs + DEPLOY_AFTER_MS,
    )
    .sort((a, b) => Math.abs(a.atMs - sinceMs) - Math.abs(b.atMs - sinceMs))[0];
}
