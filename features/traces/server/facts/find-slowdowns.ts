import type { OperationDurations, Slowdown } from "@/features/traces/contract";
import { findSlowdown } from "@/features/traces/domain/facts/find-slowdown";
import { slowFromPart } from "@/features/traces/domain/facts/slow-from-part";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import type { FactScope } from "./fact-query-repository";
import { countTimedBins, durationsOf, measureParts, measureSlowdown, type RootOperation } from "./slowdown-repository";

const HOUR_US = 3_600_000_000;
const PARTS = 48;
/** Those with most time together; what few people wait for changes little. */
const MOST_OPERATIONS = 20;
const MOST_SLOWDOWNS = 5;
/** Fewer requests before the window do not say what is usual. */
const LEAST_USUAL = 30;

/** What comes before the window and tells what is usual: as long as the window, at least an hour, at most a day. */
export function usualStretch({ fromUs, toUs }: Stretch): Stretch {
  const lengthUs = Math.min(24 * HOUR_US, Math.max(HOUR_US, toUs - fromUs));
  return { fromUs: Math.max(0, fromUs - lengthUs), toUs: fromUs };
}

export type Standing = { usual: OperationDurations | null; slowdown: Slowdown | null };

/**
 * Of each operation, given most time first, what it usually takes and whether it became slower: compared with what is
 * known from before the window, and within the window before the change. What became slower is told in each of
 * `shownParts` equal parts of the window.
 */
export async function findSlowdowns(
  scope: FactScope,
  operations: readonly RootOperation[],
  shownParts: number,
): Promise<(one: RootOperation) => Standing> {
  const { window } = scope;
  const before = usualStretch(window);
  const names = operations.slice(0, MOST_OPERATIONS).map(({ operation }) => operation);
  const whole = { ...scope, window: { fromUs: before.fromUs, toUs: window.toUs } };
  const partUs = (window.toUs - window.fromUs) / PARTS;
  const [bins, durations] = await Promise.all([
    countTimedBins(whole, { operations: names, fromUs: window.fromUs, partUs }),
    durationsOf({ ...scope, window: before }, names),
  ]);
  const slower = operations.flatMap((one) => {
    const found = findSlowdown(bins.filter((bin) => isSame(bin, one)));
    // What was slow already when the window began is not news of the window.
    return found === undefined || found.sincePart < 0
      ? []
      : [{ one, sinceUs: Math.round(window.fromUs + found.sincePart * partUs) }];
  });
  const measured = await Promise.all(
    slower.slice(0, MOST_SLOWDOWNS).map(async ({ one, sinceUs }) => {
      const [found, parts] = await Promise.all([
        measureSlowdown(whole, one, sinceUs),
        measureParts(scope, one, shownParts),
      ]);
      if (found === undefined) return { one, slowdown: null };
      const shownSinceUs = asShown(found, parts, window);
      const sides = shownSinceUs === sinceUs ? found : ((await measureSlowdown(whole, one, shownSinceUs)) ?? found);
      return { one, slowdown: { ...sides, parts } };
    }),
  );
  return (one) => {
    const slowdown = measured.find((each) => isSame(each.one, one))?.slowdown ?? null;
    const known = durations.find((each) => isSame(each, one) && each.count >= LEAST_USUAL);
    const usual = known === undefined ? null : { count: known.count, p50Us: known.p50Us, p95Us: known.p95Us };
    return { slowdown, usual: slowdown?.usual ?? usual };
  };
}

/** Since when, by the parts that are shown: no part before it is slow, and the one that begins with it is. */
function asShown(found: Omit<Slowdown, "parts">, parts: readonly OperationDurations[], window: Stretch): number {
  const partUs = (window.toUs - window.fromUs) / parts.length;
  const first = slowFromPart({
    medians: parts.map(({ count, p50Us }) => (count === 0 ? null : p50Us)),
    foundAt: Math.floor((found.sinceUs - window.fromUs) / partUs),
    usualUs: found.usual.p50Us,
    nowUs: found.now.p50Us,
  });
  return first === undefined ? found.sinceUs : Math.round(window.fromUs + first * partUs);
}

const isSame = (a: RootOperation, b: RootOperation): boolean => a.service === b.service && a.operation === b.operation;
