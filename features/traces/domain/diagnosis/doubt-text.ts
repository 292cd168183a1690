import { type Finding, type Standing, TRUST_KINDS, type Verdict } from "./finding";
import { spell } from "./phrase";
import { spellSum } from "./spell-sum";

/** "each step takes about 2.1 times its usual". */
const paceText = (pace: number): string =>
  `each step takes about ${pace >= 9.95 ? Math.round(pace) : pace.toFixed(1)} times its usual`;

type Judged = Pick<
  Verdict,
  "clauses" | "durationUs" | "isConfident" | "unexplainedUs" | "excessUs" | "pace" | "standing"
>;

/** Whether a finding explains time: where an error began, and how far the trace can be believed, do not. */
export const isCause = ({ kind, severity }: Pick<Finding, "kind" | "severity">): boolean =>
  severity !== "info" && kind !== "error-origin" && !TRUST_KINDS.has(kind);

/** Findings that take less of a trace leave a reader asking for the rest of it. */
const MOST_SHARE = 0.4;
/** Less is jitter: a request may take so much more on any day. */
const JITTER_US = 20_000;
/** Where so much of what is more than usual is explained, all of it is but for jitter. */
const ALL_SHARE = 0.9;

/** What stays open where the findings do not explain a slow trace; undefined where they do, or it is not known to be slow. */
export function doubtText(
  verdict: Judged,
  findings: readonly Pick<Finding, "kind" | "severity">[],
): string | undefined {
  const { isConfident, unexplainedUs, pace, standing } = verdict;
  if (findings.some(isCause)) {
    if (verdict.excessUs !== undefined) return excessText(verdict, verdict.excessUs);
    return isConfident ? undefined : `no finding explains most of it: ${spell(unexplainedUs)} is unexplained`;
  }
  if (isConfident) return undefined;
  if (pace !== undefined) return `as slow as its parts: ${paceText(pace)}`;
  if (standing?.isSlow !== true) return undefined;
  return `slower than usual (${spell(standing.typicalUs)}), and no finding explains it`;
}

/** The findings measured by what the trace took more than usual: the rest of it is as it always is. */
function excessText({ clauses, durationUs, unexplainedUs }: Judged, excessUs: number): string | undefined {
  const told = clauses.filter(({ findingIndex }) => findingIndex !== null);
  if (told.reduce((sum, { timeUs }) => sum + timeUs, 0) >= MOST_SHARE * durationUs) return undefined;
  const where = told.length === 1 ? `in ${told[0]?.text}` : "in the findings";
  if (excessUs < JITTER_US) return "though as a whole it took no longer than usual";
  const explainedUs = Math.max(0, excessUs - unexplainedUs);
  if (explainedUs >= ALL_SHARE * excessUs) return `the ${spell(excessUs)} more than usual are ${where}`;
  const { total, parts } = spellSum(excessUs, [explainedUs, unexplainedUs]);
  return `of the ${total} more than usual ${parts[0]} are ${where}, and ${parts[1]} are unexplained`;
}

/** A shorter wait for a queue is how queues work. */
const MIN_WAIT_US = 400_000;

/** Two lengths of one trace, and why: what the verdict is of, and all that came. */
function partText(durationUs: number, wholeUs: number): string {
  const whole = isPart({ durationUs, partOfUs: wholeUs }) ? `; all that came runs for ${spell(wholeUs)}` : "";
  return `The request's own span is not here: this is the longest part of it that came${whole}.`;
}

/** Whether what came is longer than the part of it that the verdict is of. */
const isPart = ({ durationUs, partOfUs }: Pick<Verdict, "durationUs" | "partOfUs">): boolean =>
  partOfUs !== undefined && spell(partOfUs) !== spell(durationUs);

/** The same in a few words, beside the length of all that came. */
export const partWords = (verdict: Pick<Verdict, "durationUs" | "partOfUs">): string | undefined =>
  isPart(verdict) ? `longest part ${spell(verdict.durationUs)}` : undefined;

/** What stands beside the trace's own time: how long it lay in a queue before, and how common its slowness is. */
export function companyText({
  standing,
  waitedBeforeUs = 0,
  requests,
  partOfUs,
  durationUs,
}: Pick<Verdict, "standing" | "waitedBeforeUs" | "requests" | "partOfUs" | "durationUs">) {
  const texts = [
    ...(partOfUs === undefined ? [] : [partText(durationUs, partOfUs)]),
    ...(requests === undefined
      ? []
      : [
          `This is the first of ${requests.count.toLocaleString("en-US")} requests that share the trace id; all of them together run for ${spell(requests.wholeUs)}.`,
        ]),
    ...(waitedBeforeUs >= MIN_WAIT_US
      ? [`Its work lay in the queue for ${spell(waitedBeforeUs)} before it began.`]
      : []),
    ...(standing === undefined ? [] : sinceTexts(standing)),
    ...(standing?.slowCount === undefined || standing.sinceUs !== undefined
      ? []
      : [
          standing.quickUs === undefined
            ? `${standing.slowCount} of ${standing.traceCount} such requests are as slow as this; the others take ${spell(standing.typicalUs)}.`
            : `${standing.slowCount} of ${standing.traceCount} such requests take as long, at any time; the others take ${spell(standing.quickUs)}.`,
        ]),
    ...(standing?.wayCount === undefined
      ? []
      : [
          `${standing.wayCount} of ${standing.traceCount} such requests go this longer way at any time and usually take ${spell(standing.typicalUs)}.`,
        ]),
  ];
  return texts.length === 0 ? undefined : texts.join(" ");
}

/** An operation that was slow as long as anybody looked is its own usual: then it is said how long that is. */
function sinceTexts({ sinceUs, slowCount, traceCount, dayBefore }: Standing): string[] {
  if (sinceUs === undefined) return [];
  const since = momentText(sinceUs);
  const before = dayBefore && `${spell(dayBefore.p50Us)} (${dayBefore.count.toLocaleString("en-US")} requests)`;
  if (slowCount !== undefined)
    return [
      `${slowCount} of ${traceCount} such requests since ${since} are as slow as this; the day before they took ${before}.`,
    ];
  const long = `It has taken as long in the ${traceCount} such requests since ${since}`;
  if (before !== undefined) return [`${long}; the day before they took ${before}.`];
  return [`${long}; there is nothing from before that to compare with.`];
}

const MOMENT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** "23 Nov, 09:00 UTC". */
const momentText = (atUs: number): string => `${MOMENT.format(atUs / 1000)} UTC`;
