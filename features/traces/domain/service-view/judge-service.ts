import type { RedReply } from "../facts/red-schema";
import { isSlower, type OperationRow, WORSE_ERRORS, WORSE_RATIO } from "./operation-rows";
import { sureRatios, WORSE_MEDIAN_RATIO } from "./sure-ratios";

/** The service's own p95 counts as worse sooner than an operation's: it moves only when many requests do. */
const WORSE_SERVICE_RATIO = 1.25;
/** So many of the operations that can be compared moved the same way: then it is no single one's doing. */
const MOST = 2 / 3;

export const JUDGED_AS = [
  /** Nothing was found in a window of which not everything was read; nothing there; nothing before; too few on a side. */
  "unread",
  "silent",
  "alone",
  "few",
  "most-slower",
  "tail-slower",
  "middle-slower",
  "operation-slower",
  "fails-more",
  "tail-faster",
  "middle-faster",
  "as-before",
] as const;
export type JudgedAs = (typeof JUDGED_AS)[number];

export type ServiceJudgement = {
  as: JudgedAs;
  /** How many times as long as before, beyond chance: the middle or the p95, as `as` says; 1 where that is not the matter. */
  ratio: number;
  /** Whether the p95 of all requests is worse, beyond chance. */
  isTailWorse: boolean;
  /** Those that carry it, by the measure of `as`, most added wait first. */
  carriers: readonly OperationRow[];
  moreErrors: boolean;
};

/**
 * What happened to a service against before: the one rule that its page, the table of services and their order go by.
 * What got worse comes first (most operations, the tail, the middle, single operations, errors), then what got better.
 */
export function judgeService(reply: RedReply, rows: readonly OperationRow[]): ServiceJudgement {
  const nothing = { ratio: 1, isTailWorse: false, carriers: [], moreErrors: false };
  const unknown = whyUnknown(reply);
  const { against } = reply;
  if (unknown !== undefined || against === null) return { as: unknown ?? "alone", ...nothing };
  const { change, histogramNow, histogramBefore } = against;
  const [sure] = sureRatios([{ change, histogram: histogramNow, histogramBefore }]);
  const middle = sure?.p50 ?? 1;
  const tail = sure?.p95 ?? 1;
  const moreErrors = (change.errorShareDelta ?? 0) >= WORSE_ERRORS;
  const base = { ...nothing, moreErrors, isTailWorse: tail >= WORSE_SERVICE_RATIO };
  const slower = judgeSlower(rows, { middle, tail });
  if (slower !== undefined) return { ...base, ...slower };
  if (moreErrors) return { ...base, as: "fails-more", carriers: rows.filter(({ failsMore }) => failsMore) };
  if (tail <= 1 / WORSE_SERVICE_RATIO) return { ...base, as: "tail-faster", ratio: tail };
  if (middle <= 1 / WORSE_MEDIAN_RATIO) return { ...base, as: "middle-faster", ratio: middle };
  return { ...base, as: "as-before" };
}

function whyUnknown({ against, totals, coverage }: RedReply): JudgedAs | undefined {
  const isWhole = coverage === null || coverage.complete === 1 || coverage.filling === "failing";
  if ((totals.count ?? 0) === 0 && !isWhole) return "unread";
  if (totals.count === 0 || totals.perSecond === 0) return "silent";
  if (against === null) return "alone";
  return against.change.isEnough ? undefined : "few";
}

type Slower = Pick<ServiceJudgement, "as" | "ratio" | "carriers">;

/** All operations alike, else the service's tail, else its middle, else single operations. */
function judgeSlower(
  rows: readonly OperationRow[],
  { middle, tail }: Record<"middle" | "tail", number>,
): Slower | undefined {
  const slowerMiddle = rows.filter(({ sure: { p50 } }) => (p50 ?? 0) >= WORSE_MEDIAN_RATIO);
  if (middle > 1 && areMost(slowerMiddle, rows)) return { as: "most-slower", ratio: middle, carriers: slowerMiddle };
  const slower = rows.filter(({ sure }) => isSlower(sure));
  if (tail >= WORSE_SERVICE_RATIO) {
    const carriers = rows.filter(({ sure }) => isSlower(sure) || (sure.p95 ?? 0) >= WORSE_SERVICE_RATIO);
    return { as: "tail-slower", ratio: tail, carriers };
  }
  if (middle >= WORSE_MEDIAN_RATIO) return { as: "middle-slower", ratio: middle, carriers: slower };
  const [worst] = slower;
  if (worst === undefined) return undefined;
  return {
    as: "operation-slower",
    ratio: (isTailSlower(worst) ? worst.sure.p95 : worst.sure.p50) ?? 1,
    carriers: slower,
  };
}

/** Whether an operation that is slower is so by its p95; else it is by its middle. */
export const isTailSlower = ({ sure }: OperationRow): boolean => (sure.p95 ?? 0) >= WORSE_RATIO;

function areMost(moved: readonly OperationRow[], rows: readonly OperationRow[]): boolean {
  const known = rows.filter(({ state }) => state !== "unknown").length;
  return moved.length >= 2 && moved.length >= MOST * known;
}
