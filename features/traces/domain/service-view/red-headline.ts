import { formatCount, formatDuration, formatShare } from "@/lib/format";
import type { RedReply } from "../facts/red-schema";
import { findChangePoint } from "./change-point";
import { type OperationRow, WORSE_ERRORS, WORSE_RATIO } from "./operation-rows";

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
  const { change, now, before } = against;
  if (!change.isEnough)
    return {
      tone: "neutral",
      strong: levelText(now.totals),
      rest: `Too few requests now or ${beforeName(reply)} to compare.`,
    };
  const when = (direction: "up" | "down" | undefined) => whenOf(reply, direction, clock);
  const slower = rows.filter(({ state, p95Ratio }) => state === "worse" && (p95Ratio ?? 0) >= WORSE_RATIO);
  const moreErrors = (change.errorShareDelta ?? 0) >= WORSE_ERRORS;
  const slowed = (least: number) => rows.filter(({ isEnough, p95Ratio }) => isEnough && (p95Ratio ?? 0) >= least);
  const failing = rows.filter(({ failsMore }) => failsMore);
  const alike = { rows, failing, moreErrors, rateRatio: change.rateRatio };
  const failsToo = moreErrors ? failsText(reply, rows, failing) : "";
  if ((change.p95Ratio ?? 1) >= WORSE_SERVICE_RATIO) {
    const strong = `Slower ${when("up").since}: p95 ${p95(now.totals)}, ${beforeName(reply)} ${p95(before.totals)}.`;
    const rest = carriedBy(slowed(WORSE_SERVICE_RATIO), alike);
    return { tone: "bad", strong, rest: joined(rest, failsToo, when("up").doubt) };
  }
  const [worst] = slower;
  if (worst !== undefined) {
    const strong = `${worst.operation} is slower ${when(undefined).since}: p95 ${p95(worst.now)}, ${beforeName(reply)} ${worst.before === null ? "–" : p95(worst.before)}.`;
    return { tone: "bad", strong, rest: joined(carriedBy(slowed(WORSE_RATIO), alike), failsToo) };
  }
  if (moreErrors) {
    const strong = `More errors ${when(undefined).since}: ${share(now.totals.errorShare)} fail, ${beforeName(reply)} ${share(before.totals.errorShare)}.`;
    return { tone: "bad", strong, rest: carriedBy(failing, alike) };
  }
  if ((change.p95Ratio ?? 1) <= 1 / WORSE_SERVICE_RATIO) {
    const strong = `Faster ${when("down").since}: p95 ${p95(now.totals)}, ${beforeName(reply)} ${p95(before.totals)}.`;
    return { tone: "ok", strong, rest: when("down").doubt };
  }
  return { tone: "ok", strong: `As before: ${lower(levelText(now.totals))}`, rest: "" };
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
  const others = rows.filter((row) => row.state !== "unknown" && !changed.has(row)).length;
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
