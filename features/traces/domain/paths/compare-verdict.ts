import { durationQuantity, formatDuration, formatNumber, toText } from "@/lib/format";
import { US_PER_MS, US_PER_SECOND } from "@/lib/units";
import type { ComparedStep, CompareVerdict } from "./compare-schema";
import type { ComparedSteps } from "./compare-steps";

const MAX_CLAUSES = 4;
/** A step is named when its change is at least this share of all change, up and down. */
const MIN_CLAUSE_SHARE = 0.04;
const MAX_NAME_LENGTH = 60;

type Means = {
  beforeUs: number;
  afterUs: number;
  p50Before: number;
  p50After: number;
  perRequest: string;
  /** Which side's requests take longer by their ranks: 1 for after. */
  shift: -1 | 0 | 1;
  isSignificant: boolean | null;
  /** Whether what is not in the steps named changed by more than its own error. */
  isRestSure: boolean;
};
type Counts = Record<"seenCount" | "readCount", number>;

/** What the change is of: nothing to say of two traces; of groups read in part, that other means are of all seen. */
export function perRequestWords(before: Counts, after: Counts): string {
  if (before.seenCount === 1 && after.seenCount === 1) return "";
  const isWhole = before.readCount === before.seenCount && after.readCount === after.seenCount;
  return isWhole ? " a request" : " a request of those read";
}

/**
 * The change in one sentence that adds up: as clauses in whole microseconds, and once more in the rounded numbers that
 * are shown. Names only steps judged to have changed; all other change is "everything else" where it is larger than its
 * own error, and left out of the sum where it is not. Where that sum and the test of all durations speak of different
 * things (the mean of a long tail, the ranks of all), the change is that of the median.
 */
export function toCompareVerdict({ steps, changeUs }: ComparedSteps, means: Means): CompareVerdict {
  const { isSignificant } = means;
  const named = nameSteps(steps);
  const namedUs = named.reduce((sum, clause) => sum + clause.changeUs, 0);
  const restUs = changeUs - namedUs;
  const sumUs = means.isRestSure ? changeUs : namedUs;
  if (isSignificant === true && Math.sign(sumUs) !== means.shift) {
    return ofMedian(means, named.length > 0);
  }
  if (named.length > 0 && (restUs === 0 || !means.isRestSure)) {
    const tail = restUs === 0 ? "" : REST_WITHIN_CHANCE;
    return {
      sentence: toSentence(named, namedUs, means).replace(/\.$/, `${tail}.`),
      changeUs: namedUs,
      beforeUs: means.beforeUs,
      clauses: named,
      isSignificant,
    };
  }
  const rest = {
    kind: "rest" as const,
    text: named.length === 0 ? "everything" : "everything else",
    changeUs: restUs,
    step: null,
  };
  const clauses = [...named, rest];
  return {
    sentence: toSentence(clauses, changeUs, means),
    changeUs,
    beforeUs: means.beforeUs,
    clauses,
    isSignificant,
  };
}

const REST_WITHIN_CHANCE = "; the rest is within chance";

/** What follows the clauses of a sentence that leaves out what is within chance. */
export const restWords = ({ sentence }: Pick<CompareVerdict, "sentence">): string =>
  sentence.endsWith(`${REST_WITHIN_CHANCE}.`) ? REST_WITHIN_CHANCE : "";

function ofMedian({ p50Before, p50After, perRequest, isSignificant }: Means, isNamed: boolean): CompareVerdict {
  const changeUs = p50After - p50Before;
  const [a, b] = [formatDuration(p50Before), formatDuration(p50After)];
  const what = perRequest.replace(" a request", " requests");
  const why = isNamed
    ? "the steps that changed do not add up to that"
    : "what single steps add to that is within chance";
  const sentence = `Half of the${what} take over ${b}, before ${a}; ${why}.`;
  const clauses = [{ kind: "rest" as const, text: "everything", changeUs, step: null }];
  return { sentence, changeUs, beforeUs: p50Before, clauses, isSignificant };
}

/** The steps that are named, largest change first. */
export function namedSteps(steps: readonly ComparedStep[]): { step: ComparedStep; index: number }[] {
  const allUs = steps.reduce((sum, step) => sum + Math.abs(step.changeUs), 0);
  return steps
    .map((step, index) => ({ step, index }))
    .filter(({ step }) => step.state !== "alike" && step.changeUs !== 0)
    .filter(({ step }) => Math.abs(step.changeUs) >= MIN_CLAUSE_SHARE * allUs)
    .sort((a, b) => Math.abs(b.step.changeUs) - Math.abs(a.step.changeUs) || a.index - b.index)
    .slice(0, MAX_CLAUSES);
}

function nameSteps(steps: readonly ComparedStep[]): CompareVerdict["clauses"] {
  return namedSteps(steps).map(({ step, index }) => ({
    kind: step.state === "alike" ? "rest" : step.state,
    text: clauseText(step),
    changeUs: step.changeUs,
    step: index,
  }));
}

function clauseText(step: ComparedStep): string {
  const name = step.name.length > MAX_NAME_LENGTH ? `${step.name.slice(0, MAX_NAME_LENGTH - 1)}…` : step.name;
  const was = step.before.calls;
  const is = step.after.calls;
  if (step.state === "new") return `in a new step, ${times(is)}${name}`;
  if (step.state === "gone") return `of a step that is gone, ${times(was)}${name}`;
  if (Math.abs(is - was) >= 0.5 && formatNumber(is) !== formatNumber(was)) {
    return `in ${name}, called ${howOften(is)} instead of ${howOften(was)}`;
  }
  return `in ${name}`;
}

/** "20 ×", "hardly ever": a step that is there is not called 0 times. */
const howOften = (calls: number): string => (round(calls) === 0 ? "hardly ever" : `${formatNumber(round(calls))} ×`);
const times = (calls: number): string => (round(calls) <= 1 ? "" : `${formatNumber(round(calls))} × `);
const round = (calls: number): number => (calls >= 10 ? Math.round(calls) : Math.round(calls * 10) / 10);

function toSentence(clauses: CompareVerdict["clauses"], changeUs: number, means: Means): string {
  const a = formatDuration(means.beforeUs);
  const b = formatDuration(means.afterUs);
  const what = means.perRequest;
  const [only] = clauses;
  if (means.isSignificant === false && clauses.every(({ kind }) => kind === "rest")) {
    return `About the same: ${a} before, ${b} after${what}; the difference is within chance.`;
  }
  if (changeUs === 0 && clauses.length <= 1) return `The same: ${a}${what} on both sides.`;
  const shown = toShownNumbers({ clauses, changeUs });
  const head = `${shown.whole.sign}${shown.whole.text}${what}`;
  if (clauses.length === 1 && only?.kind === "rest")
    return `${head} (${a} before, ${b} after), spread over steps that each changed little.`;
  const parts = clauses.map(({ text }, at) => {
    const { sign = "+", text: size = "" } = shown.parts[at] ?? {};
    return `${at === 0 ? (sign === "−" ? "−" : "") : ` ${sign} `}${size} ${text}`;
  });
  return `${head} = ${parts.join("")}.`;
}

type Shown = { sign: "+" | "−"; text: string };

/** The change and its clauses as shown: rounded to one unit so that what the reader sees adds up. */
export function toShownNumbers({ clauses, changeUs }: Pick<CompareVerdict, "clauses" | "changeUs">): {
  whole: Shown;
  parts: Shown[];
} {
  const unitUs = unitOf(changeUs, clauses);
  const { whole, parts } = shownParts(clauses, changeUs, unitUs);
  const show = (multiple: number): Shown => ({
    sign: multiple < 0 ? "−" : "+",
    text: toText(quantity(Math.abs(multiple), unitUs)),
  });
  return { whole: show(whole), parts: parts.map(show) };
}

/** One unit for the whole sentence, so that its numbers can be added up by eye. */
function unitOf(changeUs: number, clauses: CompareVerdict["clauses"]): number {
  const largest = Math.max(Math.abs(changeUs), ...clauses.map((clause) => Math.abs(clause.changeUs)));
  if (largest < 10 * US_PER_MS) return 1;
  return largest < US_PER_SECOND ? US_PER_MS : US_PER_SECOND / 100;
}

/** Clauses in multiples of the unit; the last takes what rounding left, so that the shown numbers sum. */
function shownParts(clauses: CompareVerdict["clauses"], changeUs: number, unitUs: number) {
  const whole = Math.round(changeUs / unitUs);
  const parts = clauses.map((clause) => Math.round(clause.changeUs / unitUs));
  const last = parts.length - 1;
  parts[last] = (parts[last] ?? 0) + whole - parts.reduce((sum, part) => sum + part, 0);
  return { whole, parts };
}

function quantity(multiple: number, unitUs: number) {
  if (unitUs === 1) return { value: multiple.toLocaleString("en-US"), unit: "µs" };
  if (unitUs === US_PER_MS) return { value: multiple.toLocaleString("en-US"), unit: "ms" };
  return multiple === 0 ? durationQuantity(0) : { value: (multiple / 100).toFixed(2), unit: "s" };
}
