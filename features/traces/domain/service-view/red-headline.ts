import { formatCount, formatDuration, formatShare } from "@/lib/format";
import type { RedReply } from "../facts/red-schema";
import { findChangePoint } from "./change-point";
import { isTailSlower, judgeService, type ServiceJudgement } from "./judge-service";
import type { OperationRow } from "./operation-rows";

export type RedHeadline = { tone: "bad" | "warn" | "ok" | "neutral"; strong: string; rest: string };

const MINUTE_US = 60_000_000;

/** What happened to a service, in one or two sentences. Says so when it cannot be told. */
export function toRedHeadline(
  reply: RedReply,
  rows: readonly OperationRow[],
  clock: (ms: number) => string,
): RedHeadline {
  const judged = judgeService(reply, rows);
  const { against } = reply;
  if (judged.as === "unread") return { tone: "neutral", strong: "Its traces are still being read.", rest: "" };
  if (judged.as === "silent") return { tone: "neutral", strong: "No requests in this window.", rest: "" };
  if (against === null)
    return { tone: "neutral", strong: levelText(reply.totals), rest: "There is nothing to compare with yet." };
  if (judged.as === "few")
    return {
      tone: "neutral",
      strong: levelText(against.now.totals),
      rest: `Too few requests now or ${beforeName(reply)} to compare.`,
    };
  return changeHeadline({ reply, against, rows, clock }, judged);
}

type Compared = {
  reply: RedReply;
  against: NonNullable<RedReply["against"]>;
  rows: readonly OperationRow[];
  clock: (ms: number) => string;
};

/** What was judged, in words. */
function changeHeadline(compared: Compared, judged: ServiceJudgement): RedHeadline {
  const { reply, against, clock } = compared;
  const { now, before } = against;
  const when = (direction?: "up" | "down") => whenOf(reply, direction, clock);
  const half = halfText(reply, now.totals, before.totals);
  if (judged.as === "fails-more") {
    const strong = `More errors ${when().since}: ${share(now.totals.errorShare)} fail, ${beforeName(reply)} ${share(before.totals.errorShare)}.`;
    return { tone: "bad", strong, rest: carriedBy(compared, judged) };
  }
  if (judged.as === "tail-faster") {
    const strong = `Faster ${when("down").since}: ${p95Text(compared)}.`;
    return { tone: "ok", strong, rest: when("down").doubt };
  }
  if (judged.as === "middle-faster")
    return { tone: "ok", strong: `Faster ${when().since}: ${half}.`, rest: TAIL_AS_BEFORE };
  if (judged.as === "as-before") return { tone: "ok", strong: `As before: ${lower(levelText(now.totals))}`, rest: "" };
  return slowerHeadline(compared, judged);
}

function slowerHeadline(compared: Compared, judged: ServiceJudgement): RedHeadline {
  const { reply, against, rows, clock } = compared;
  const { carriers } = judged;
  const failsToo = judged.moreErrors ? failsText(reply, rows) : "";
  const { since } = whenOf(reply, undefined, clock);
  const half = halfText(reply, against.now.totals, against.before.totals);
  const carried = carriedBy(compared, judged);
  if (judged.as === "most-slower") {
    const tail = judged.isTailWorse ? `Their ${p95Text(compared)}.` : TAIL_AS_BEFORE;
    const strong = `${manyText(carriers.length, rows.length)} slower ${since}: ${half}.`;
    return { tone: "bad", strong, rest: joined(tail, failsToo) };
  }
  if (judged.as === "tail-slower") {
    const up = whenOf(reply, "up", clock);
    const strong = `Slower ${up.since}: ${p95Text(compared)}.`;
    return { tone: "bad", strong, rest: joined(carried, failsToo, up.doubt) };
  }
  if (judged.as === "middle-slower")
    return { tone: "bad", strong: `Slower ${since}: ${half}.`, rest: joined(TAIL_AS_BEFORE, carried, failsToo) };
  const strong = `${carriers[0]?.operation} is slower ${since}: ${operationText(reply, carriers[0])}.`;
  return { tone: "bad", strong, rest: joined(carried, failsToo) };
}

function operationText(reply: RedReply, row: OperationRow | undefined): string {
  if (row === undefined) return "";
  const { now, before } = row;
  if (!isTailSlower(row)) return halfText(reply, now, before);
  return `p95 ${p95(now)}, ${beforeName(reply)} ${before === null ? "–" : p95(before)}`;
}

const p95Text = ({ reply, against: { now, before } }: Compared): string =>
  `p95 ${p95(now.totals)}, ${beforeName(reply)} ${p95(before.totals)}`;

/** Nothing beyond chance was seen of the p95; that is not to say that nothing changed. */
const TAIL_AS_BEFORE = "The p95 is as before, within chance.";
/** "Every operation is", "6 of 7 operations are". */
const manyText = (count: number, all: number): string =>
  count === all ? "Every operation is" : `${formatCount(count)} of ${formatCount(all)} operations are`;

function halfText(reply: RedReply, now: OperationRow["now"], before: OperationRow["before"]): string {
  return `half of the requests take over ${p50(now)}, ${beforeName(reply)} ${before === null ? "–" : p50(before)}`;
}

const joined = (...texts: string[]): string => texts.filter((text) => text !== "").join(" ");

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
function failsText({ against }: RedReply, rows: readonly OperationRow[]): string {
  if (against === null) return "";
  const failing = rows.filter(({ failsMore }) => failsMore);
  const before = BEFORE_NAMES[against.kind];
  const where =
    failing.length === 0 ? "" : `, in ${formatCount(failing.length)} of ${formatCount(rows.length)} operations`;
  return `It fails more, too: ${share(against.now.totals.errorShare)}, ${before} ${share(against.before.totals.errorShare)}${where}.`;
}

/** Which operations carry what the sentence says, by its own measure, and what is as before in every measure. */
function carriedBy({ rows, against: { change } }: Compared, { carriers, moreErrors }: ServiceJudgement): string {
  if (carriers.length === 0) return "No single operation stands out.";
  const { rateRatio } = change;
  const changed = new Set([...carriers, ...rows.filter(({ failsMore }) => failsMore)]);
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
