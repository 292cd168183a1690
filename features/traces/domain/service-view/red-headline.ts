import { formatCount, formatDuration, formatShare } from "@/lib/format";
import type { RedReply } from "../facts/red-schema";
import { findChangePoint } from "./change-point";
import { isSlower, type OperationRow, WORSE_ERRORS, WORSE_RATIO } from "./operation-rows";
import { sureRatios, WORSE_MEDIAN_RATIO } from "./sure-ratios";

export type RedHeadline = { tone: "bad" | "warn" | "ok" | "neutral"; strong: string; rest: string };

const MINUTE_US = 60_000_000;
/** The service's own p95 counts as worse sooner than an operation's: it moves only when many requests do. */
const WORSE_SERVICE_RATIO = 1.25;

/** What happened to a service, in one or two sentences. Says so when it cannot be told. */
export function toRedHeadline(
  reply: RedReply,
  rows: readonly OperationRow[],
  clock: (ms: number) => string,
): RedHeadline {
  const { against, totals } = reply;
  if (isUnread(reply)) return { tone: "neutral", strong: "Its traces are still being read.", rest: "" };
  if (totals.count === 0 || totals.perSecond === 0)
    return { tone: "neutral", strong: "No requests in this window.", rest: "" };
  if (against === null)
    return { tone: "neutral", strong: levelText(reply.totals), rest: "There is nothing to compare with yet." };
  const { change, now } = against;
  if (!change.isEnough)
    return {
      tone: "neutral",
      strong: levelText(now.totals),
      rest: `Too few requests now or ${beforeName(reply)} to compare.`,
    };
  return changeHeadline({ reply, against, rows, clock });
}

type Compared = {
  reply: RedReply;
  against: NonNullable<RedReply["against"]>;
  rows: readonly OperationRow[];
  clock: (ms: number) => string;
};

/** What got worse first: durations of the service, of an operation, errors; then what got better. */
function changeHeadline(compared: Compared): RedHeadline {
  const { reply, against, rows, clock } = compared;
  const { change, now, before } = against;
  const [sure] = sureRatios([{ change, histogram: against.histogramNow, histogramBefore: against.histogramBefore }]);
  const ratios = { p50Ratio: sure?.p50 ?? 1, p95Ratio: sure?.p95 ?? 1 };
  const when = (direction?: "up" | "down") => whenOf(reply, direction, clock);
  const moreErrors = (change.errorShareDelta ?? 0) >= WORSE_ERRORS;
  const failing = rows.filter(({ failsMore }) => failsMore);
  const alike = { rows, failing, moreErrors, rateRatio: change.rateRatio };
  const failsToo = moreErrors ? failsText(reply, rows, failing) : "";
  const slower = slowerService(compared, { ...ratios, alike, failsToo }) ?? slowerOperation(compared, alike, failsToo);
  if (slower !== undefined) return slower;
  if (moreErrors) {
    const strong = `More errors ${when().since}: ${share(now.totals.errorShare)} fail, ${beforeName(reply)} ${share(before.totals.errorShare)}.`;
    return { tone: "bad", strong, rest: carriedBy(failing, alike) };
  }
  if (ratios.p95Ratio <= 1 / WORSE_SERVICE_RATIO) {
    const strong = `Faster ${when("down").since}: ${p95Text(compared)}.`;
    return { tone: "ok", strong, rest: when("down").doubt };
  }
  if (ratios.p50Ratio <= 1 / WORSE_MEDIAN_RATIO) {
    const strong = `Faster ${when().since}: ${halfText(reply, now.totals, before.totals)}.`;
    return { tone: "ok", strong, rest: TAIL_AS_BEFORE };
  }
  return { tone: "ok", strong: `As before: ${lower(levelText(now.totals))}`, rest: "" };
}

type Told = { p50Ratio: number; p95Ratio: number; alike: Alike; failsToo: string };

/** All operations alike, else the service's tail, else its middle. */
function slowerService(compared: Compared, { p50Ratio, p95Ratio, alike, failsToo }: Told): RedHeadline | undefined {
  const { reply, against, rows, clock } = compared;
  const { since } = whenOf(reply, undefined, clock);
  const half = halfText(reply, against.now.totals, against.before.totals);
  const slowerHalf = rows.filter(({ sure: { p50 } }) => (p50 ?? 0) >= WORSE_MEDIAN_RATIO);
  if (p50Ratio > 1 && areMost(slowerHalf, rows)) {
    const tail = p95Ratio >= WORSE_SERVICE_RATIO ? `Their ${p95Text(compared)}.` : TAIL_AS_BEFORE;
    const strong = `${manyText(slowerHalf.length, rows.length)} slower ${since}: ${half}.`;
    return { tone: "bad", strong, rest: joined(tail, failsToo) };
  }
  if (p95Ratio >= WORSE_SERVICE_RATIO) {
    const up = whenOf(reply, "up", clock);
    const carriers = rows.filter(({ sure }) => isSlower(sure) || (sure.p95 ?? 0) >= WORSE_SERVICE_RATIO);
    const strong = `Slower ${up.since}: ${p95Text(compared)}.`;
    return { tone: "bad", strong, rest: joined(carriedBy(carriers, alike), failsToo, up.doubt) };
  }
  if (p50Ratio < WORSE_MEDIAN_RATIO) return undefined;
  const carriers = rows.filter(({ sure }) => isSlower(sure));
  const rest = joined(TAIL_AS_BEFORE, carriedBy(carriers, alike), failsToo);
  return { tone: "bad", strong: `Slower ${since}: ${half}.`, rest };
}

function slowerOperation({ reply, rows, clock }: Compared, alike: Alike, failsToo: string): RedHeadline | undefined {
  const slower = rows.filter(({ sure }) => isSlower(sure));
  const [worst] = slower;
  if (worst === undefined) return undefined;
  const was = worst.before;
  const isTail = (worst.sure.p95 ?? 0) >= WORSE_RATIO;
  const change = isTail
    ? `p95 ${p95(worst.now)}, ${beforeName(reply)} ${was === null ? "–" : p95(was)}`
    : halfText(reply, worst.now, was);
  const strong = `${worst.operation} is slower ${whenOf(reply, undefined, clock).since}: ${change}.`;
  return { tone: "bad", strong, rest: joined(carriedBy(slower, alike), failsToo) };
}

const p95Text = ({ reply, against: { now, before } }: Compared): string =>
  `p95 ${p95(now.totals)}, ${beforeName(reply)} ${p95(before.totals)}`;

/** Nothing beyond chance was seen of the p95; that is not to say that nothing changed. */
const TAIL_AS_BEFORE = "The p95 is as before, within chance.";
/** So many of the operations that can be compared moved the same way: then it is no single one's doing. */
const MOST = 2 / 3;

function areMost(moved: readonly OperationRow[], rows: readonly OperationRow[]): boolean {
  const known = rows.filter(({ state }) => state !== "unknown").length;
  return moved.length >= 2 && moved.length >= MOST * known;
}

/** "Every operation is", "6 of 7 operations are". */
const manyText = (count: number, all: number): string =>
  count === all ? "Every operation is" : `${formatCount(count)} of ${formatCount(all)} operations are`;

function halfText(reply: RedReply, now: OperationRow["now"], before: OperationRow["before"]): string {
  return `half of the requests take over ${p50(now)}, ${beforeName(reply)} ${before === null ? "–" : p50(before)}`;
}

const joined = (...texts: string[]): string => texts.filter((text) => text !== "").join(" ");

/** Nothing was found in a window of which not everything was read. */
const isUnread = ({ totals, coverage }: RedReply): boolean =>
  (totals.count ?? 0) === 0 && coverage !== null && coverage.complete < 1 && coverage.filling !== "failing";

/** A change this many buckets away from a deploy did not come with it. */
const APART_BUCKETS = 2;

/**
 * Since when: the deploy that is compared with, or the moment the numbers changed at, where there is one. A window's own
 * start is no moment at which anything happened. `doubt`: the numbers changed at another time than the deploy.
 */
function whenOf(
  { against, series }: RedReply,
  direction: "up" | "down" | undefined,
  clock: (ms: number) => string,
): { since: string; doubt: string } {
  const changeUs = direction === undefined ? undefined : findChangePoint(series, direction);
  const at = (us: number) => clock(us / 1000);
  if (against?.kind !== "deploy") {
    return { since: changeUs === undefined ? "in this window" : `since ${at(changeUs)}`, doubt: "" };
  }
  const { startUs } = against.now;
  const [first] = series;
  const apartUs = first === undefined ? 0 : APART_BUCKETS * (first.endUs - first.startUs);
  const isElsewhere = changeUs !== undefined && Math.abs(changeUs - startUs) > Math.max(apartUs, MINUTE_US);
  return {
    since: `since the deploy at ${at(startUs)}`,
    doubt: isElsewhere ? `The p95 changed at ${at(changeUs)}, not with the deploy.` : "",
  };
}

const p95 = ({ quantiles }: { quantiles: { p95Us: number } | null }): string =>
  quantiles === null ? "–" : formatDuration(quantiles.p95Us);
const p50 = ({ quantiles }: { quantiles: { p50Us: number } | null }): string =>
  quantiles === null ? "–" : formatDuration(quantiles.p50Us);
const share = (value: number | null): string => (value === null ? "–" : formatShare(value));
const lower = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

const BEFORE_NAMES = {
  deploy: "before the deploy",
  previous: "in the window before",
  week: "in the same hours last week",
} as const;

/** "before the deploy", "in the window before". */
export function beforeName({ against }: Pick<RedReply, "against">): string {
  return BEFORE_NAMES[against?.kind ?? "previous"];
}

function levelText({ quantiles, errorShare }: RedReply["totals"]): string {
  const level = quantiles === null ? "No durations are known" : `p95 ${formatDuration(quantiles.p95Us)}`;
  return `${level}, ${errorShare === null || errorShare === 0 ? "nothing failed" : `${formatShare(errorShare)} failed`}.`;
}

/** That more requests fail, beside a sentence about durations. */
function failsText({ against }: RedReply, rows: readonly OperationRow[], failing: readonly OperationRow[]): string {
  if (against === null) return "";
  const before = BEFORE_NAMES[against.kind];
  const where =
    failing.length === 0 ? "" : `, in ${formatCount(failing.length)} of ${formatCount(rows.length)} operations`;
  return `It fails more, too: ${share(against.now.totals.errorShare)}, ${before} ${share(against.before.totals.errorShare)}${where}.`;
}

type Alike = {
  rows: readonly OperationRow[];
  failing: readonly OperationRow[];
  moreErrors: boolean;
  rateRatio: number | null;
};

/** Which operations carry what the sentence says, by its own measure, and what is as before in every measure. */
function carriedBy(carriers: readonly OperationRow[], { rows, failing, moreErrors, rateRatio }: Alike): string {
  if (carriers.length === 0) return "No single operation stands out.";
  const changed = new Set([...carriers, ...failing]);
  const others = rows.filter((row) => row.state === "same" && !changed.has(row)).length;
  const unknown = rows.filter(({ state }) => state === "unknown").length;
  const parts = [
    othersText(others, unknown > 0),
    moreErrors ? "" : "the error share",
    rateRatio !== null && rateRatio > 0.75 && rateRatio < 1.33 ? "the rate" : "",
  ].filter((part) => part !== "");
  const head = `${formatCount(carriers.length)} of ${formatCount(rows.length)} operations ${carriers.length === 1 ? "carries" : "carry"} it`;
  const left =
    unknown === 0 ? "" : ` ${formatCount(unknown)} ${unknown === 1 ? "has" : "have"} too few requests to compare.`;
  if (parts.length === 0) return `${head}.${left}`;
  const list = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `${head}; ${list} ${parts.length === 1 && others <= 1 ? "is" : "are"} as before.${left}`;
}

/** Without others that are left out these are all the others there are. */
function othersText(count: number, isPart: boolean): string {
  if (count === 0) return "";
  if (isPart) return count === 1 ? "1 other" : `${formatCount(count)} others`;
  return count === 1 ? "the other one" : `the other ${formatCount(count)}`;
}
