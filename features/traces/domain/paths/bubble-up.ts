import type { BubbleUpResult, Standout } from "./bubble-up-schema";
import { type Candidate, type Candidates, listCandidates } from "./candidate-features";
import { adjustForMany, distance, fisherMoreIn } from "./statistics";
import type { TraceFeatures } from "./trace-features";

/** At most this share of what is told is chance, on average. */
const MAX_Q_VALUE = 0.05;
const MAX_STANDOUTS = 40;
const MAX_ALIASES = 8;
const MAX_EXEMPLARS = 5;
/** A key is alike on both sides when its values are mixed this closely, and most traces have it. */
const MAX_ALIKE_DISTANCE = 0.15;
const MIN_ALIKE_COVERAGE = 0.5;
const MAX_ALIKE = 40;

type Sides = { selected: readonly TraceFeatures[]; baseline: readonly TraceFeatures[] };
type Tested = Candidate & { selectedHits: number; baselineHits: number; lift: number; pValue: number };

/**
 * What sets the selected traces apart: features ranked by how many times as common they are among them, of those that
 * pass Fisher's exact test with a false-discovery rate of 5 % over everything that was asked. Thresholds of one count are
 * told once, features of the very same traces together. Nothing without traces on both sides.
 */
export function bubbleUp({ selected, baseline }: Sides): BubbleUpResult {
  const { candidates, tooVaried, keys } = listCandidates([...selected, ...baseline]);
  const sizes = { selected: selected.length, baseline: baseline.length };
  const tested = candidates.map((candidate) => test(candidate, sizes));
  const qValues = adjustForMany(tested.map(({ pValue }) => pValue));
  const passed = tested
    .map((candidate, at) => ({ ...candidate, qValue: qValues[at] ?? 1 }))
    .filter(({ qValue, lift }) => qValue <= MAX_Q_VALUE && lift > 1)
    .sort(
      (a, b) => b.lift - a.lift || a.pValue - b.pValue || KINDS[a.kind] - KINDS[b.kind] || (a.text < b.text ? -1 : 1),
    );
  const standouts = mergeAliases(bestOfGroups(passed), { selected, baseline }).slice(0, MAX_STANDOUTS);
  const apart = new Set(passed.filter(({ kind }) => kind === "attribute").map(({ key }) => key));
  return { standouts, alike: alikeKeys(keys, apart, sizes), tooVaried, askedCount: candidates.length };
}

/** Of features of the same traces the shape is told first: it is nearer to the cause than an attribute. */
const KINDS: Record<Standout["kind"], number> = {
  "repeated-step": 0,
  error: 1,
  attribute: 2,
  step: 3,
  "span-count": 4,
};

type Sizes = { selected: number; baseline: number };

function test(candidate: Candidate, sizes: Sizes): Tested {
  const selectedHits = candidate.traces.filter((trace) => trace < sizes.selected).length;
  const baselineHits = candidate.traces.length - selectedHits;
  const shareOf = (hits: number, of: number) => (hits + 0.5) / (of + 1);
  return {
    ...candidate,
    selectedHits,
    baselineHits,
    lift: shareOf(selectedHits, sizes.selected) / shareOf(baselineHits, sizes.baseline),
    pValue: fisherMoreIn({ hits: selectedHits, of: sizes.selected }, { hits: baselineHits, of: sizes.baseline }),
  };
}

type Passed = Tested & { qValue: number };

/** Of each group the surest; of equally sure ones the more telling, which is the higher threshold. */
function bestOfGroups(passed: readonly Passed[]): Passed[] {
  const best = new Map<string, Passed>();
  for (const candidate of passed) {
    const known = best.get(candidate.group);
    const isBetter =
      known === undefined ||
      candidate.pValue < known.pValue ||
      (candidate.pValue === known.pValue && (candidate.atLeast ?? 0) > (known.atLeast ?? 0));
    if (isBetter) best.set(candidate.group, candidate);
  }
  return passed.filter((candidate) => best.get(candidate.group) === candidate);
}

function mergeAliases(passed: readonly Passed[], { selected, baseline }: Sides): Standout[] {
  const byTraces = new Map<string, { first: Passed; others: string[] }>();
  for (const candidate of passed) {
    const traces = candidate.traces.join(" ");
    const known = byTraces.get(traces);
    if (known === undefined) byTraces.set(traces, { first: candidate, others: [] });
    else known.others.push(candidate.text);
  }
  return [...byTraces.values()].map(({ first, others }) => ({
    kind: first.kind,
    key: first.key,
    value: first.value,
    atLeast: first.atLeast,
    text: first.text,
    selected: { hits: first.selectedHits, of: selected.length },
    baseline: { hits: first.baselineHits, of: baseline.length },
    lift: first.lift,
    pValue: first.pValue,
    qValue: first.qValue,
    alsoKnownAs: others.slice(0, MAX_ALIASES),
    exemplars: first.traces
      .filter((trace) => trace < selected.length)
      .slice(0, MAX_EXEMPLARS)
      .map((trace) => selected[trace]?.traceId ?? ""),
  }));
}

/** Keys most traces of both sides have, whose values are mixed alike, none of them told as a difference. */
function alikeKeys(keys: Candidates["keys"], apart: ReadonlySet<string>, sizes: Sizes): string[] {
  if (sizes.selected === 0 || sizes.baseline === 0) return [];
  return [...keys]
    .filter(([key, values]) => !apart.has(key) && isAlike(values, sizes))
    .sort(([a, x], [b, y]) => coverageOf(y) - coverageOf(x) || (a < b ? -1 : 1))
    .slice(0, MAX_ALIKE)
    .map(([key]) => key);
}

function coverageOf(values: ReadonlyMap<string, number[]>): number {
  return new Set([...values.values()].flat()).size;
}

function isAlike(values: ReadonlyMap<string, number[]>, sizes: Sizes): boolean {
  const onSide = (isSelected: boolean) =>
    new Map(
      [...values].map(([value, traces]) => [
        value,
        traces.filter((trace) => trace < sizes.selected === isSelected).length,
      ]),
    );
  const coverage = (isSelected: boolean, of: number) =>
    new Set([...values.values()].flat().filter((trace) => trace < sizes.selected === isSelected)).size / of;
  if (coverage(true, sizes.selected) < MIN_ALIKE_COVERAGE || coverage(false, sizes.baseline) < MIN_ALIKE_COVERAGE)
    return false;
  return distance(onSide(true), onSide(false)) <= MAX_ALIKE_DISTANCE;
}
