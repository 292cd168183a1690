import { formatCount } from "@/lib/format";
import type { Standout } from "./bubble-up-schema";
import { SEPARATOR, type TraceFeatures } from "./trace-features";

/** A feature in fewer traces than this, of both sides together, can say nothing. */
const MIN_TRACES = 3;
const MAX_ATTRIBUTES = 4_000;
const MAX_STEPS = 500;
/** A key with more values than this share of the traces that have it is an id or a time. */
const MAX_VALUE_SHARE = 0.5;
const MIN_VALUES_TO_BE_VARIED = 8;

/** A feature and the traces that have it: numbers into selected traces followed by baseline traces. */
export type Candidate = Pick<Standout, "kind" | "key" | "value" | "atLeast" | "text"> & {
  traces: readonly number[];
  /** Of the candidates of one group only the best is told: thresholds of one count. */
  group: string;
};

export type Candidates = { candidates: Candidate[]; tooVaried: string[]; keys: Map<string, Map<string, number[]>> };

/** All that may set some of these traces apart; chosen without looking at which side a trace is on. */
export function listCandidates(traces: readonly TraceFeatures[]): Candidates {
  const keys = attributeKeys(traces);
  const tooVaried = [...keys].filter(([, values]) => isVaried(values)).map(([key]) => key);
  for (const key of tooVaried) keys.delete(key);
  const candidates = [
    ...attributeCandidates(keys),
    ...stepCandidates(traces),
    ...failureCandidates(traces),
    ...spanCountCandidates(traces),
  ].filter((candidate) => candidate.traces.length >= MIN_TRACES && candidate.traces.length < traces.length);
  return { candidates, tooVaried: tooVaried.sort(), keys };
}

function attributeKeys(traces: readonly TraceFeatures[]): Map<string, Map<string, number[]>> {
  const keys = new Map<string, Map<string, number[]>>();
  traces.forEach(({ attributes }, trace) => {
    for (const attribute of attributes) {
      const at = attribute.indexOf(SEPARATOR);
      const key = attribute.slice(0, at);
      const values = keys.get(key) ?? new Map<string, number[]>();
      keys.set(key, values);
      const value = attribute.slice(at + 1);
      const having = values.get(value);
      if (having === undefined) values.set(value, [trace]);
      else having.push(trace);
    }
  });
  return keys;
}

function isVaried(values: ReadonlyMap<string, number[]>): boolean {
  const having = new Set([...values.values()].flat()).size;
  return values.size >= MIN_VALUES_TO_BE_VARIED && values.size > MAX_VALUE_SHARE * having;
}

function attributeCandidates(keys: Candidates["keys"]): Candidate[] {
  const all = [...keys].flatMap(([key, values]) =>
    [...values].map(([value, traces]): Candidate => {
      return {
        kind: "attribute",
        key,
        value,
        atLeast: null,
        text: `${key} = ${value}`,
        traces,
        group: `attribute ${key} ${value}`,
      };
    }),
  );
  return all.sort((a, b) => b.traces.length - a.traces.length || (a.text < b.text ? -1 : 1)).slice(0, MAX_ATTRIBUTES);
}

function stepCandidates(traces: readonly TraceFeatures[]): Candidate[] {
  const counts = new Map<string, Map<number, number>>();
  traces.forEach(({ steps }, trace) => {
    for (const [step, calls] of steps) {
      const ofStep = counts.get(step) ?? new Map<number, number>();
      counts.set(step, ofStep.set(trace, calls));
    }
  });
  const commonest = [...counts].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1)).slice(0, MAX_STEPS);
  return commonest.flatMap(([step, calls]) => {
    const [service = "", name = ""] = step.split(SEPARATOR);
    const base = { key: service, value: name, group: `step ${step}` };
    const has: Candidate = { ...base, kind: "step", atLeast: null, text: `has ${name}`, traces: [...calls.keys()] };
    const repeated = thresholdsOf([...calls.values()])
      .filter((atLeast) => atLeast > 1)
      .map(
        (atLeast): Candidate => ({
          ...base,
          kind: "repeated-step",
          atLeast,
          text: `≥ ${formatCount(atLeast)} × ${name}`,
          traces: [...calls].filter(([, count]) => count >= atLeast).map(([trace]) => trace),
        }),
      );
    return [has, ...repeated];
  });
}

function failureCandidates(traces: readonly TraceFeatures[]): Candidate[] {
  const failed = new Map<string, number[]>();
  const any: number[] = [];
  traces.forEach(({ failedSteps }, trace) => {
    if (failedSteps.size > 0) any.push(trace);
    for (const step of failedSteps) failed.set(step, [...(failed.get(step) ?? []), trace]);
  });
  const base = { kind: "error" as const, atLeast: null };
  return [
    { ...base, key: "", value: "", text: "has an error", traces: any, group: "any error" },
    ...[...failed].map(([step, having]): Candidate => {
      const [service = "", name = ""] = step.split(SEPARATOR);
      return { ...base, key: service, value: name, text: `error in ${name}`, traces: having, group: `error ${step}` };
    }),
  ];
}

function spanCountCandidates(traces: readonly TraceFeatures[]): Candidate[] {
  return thresholdsOf(traces.map(({ spanCount }) => spanCount)).map((atLeast) => ({
    kind: "span-count",
    key: "",
    value: "",
    atLeast,
    text: `≥ ${formatCount(atLeast)} spans`,
    traces: traces.flatMap(({ spanCount }, trace) => (spanCount >= atLeast ? [trace] : [])),
    group: "span count",
  }));
}

/** A person's numbers that cut the counts into parts: 2, 5, 10, 20, 50, … between the smallest and the largest. */
function thresholdsOf(counts: readonly number[]): number[] {
  const smallest = counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const largest = counts.reduce((a, b) => Math.max(a, b), 0);
  const thresholds: number[] = [];
  for (let ten = 1; ten <= largest; ten *= 10) {
    for (const step of [1, 2, 5]) if (ten * step > smallest && ten * step <= largest) thresholds.push(ten * step);
  }
  return thresholds;
}
