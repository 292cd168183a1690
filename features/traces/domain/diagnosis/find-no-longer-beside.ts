import { hasFlag } from "../trace-skeleton";
import type { Analysis } from "./analysis";
import { type Candidate, claimSubtrees, sumOf, weigh } from "./candidate";
import { isTrifle } from "./find-loops";
import { callBelow } from "./find-retries";
import { describeCalls, nameNode, spell, times } from "./phrase";
import { MIN_REPEATED_CALLS, UNUSUAL_FACTOR } from "./thresholds";
import { unionUs } from "./union-us";
import type { History, Measure } from "./usual";

/** Calls that usually take less than this of their sum from the first start to the last end ran side by side. */
const BESIDE_SHARE = 0.75;
/** Calls that take more of it run one after another. */
const IN_ROW_SHARE = 0.85;
/** A step in fewer of its parent's requests may be the other way of a branch: it never ran beside the rest. */
const ALWAYS_SHARE = 0.8;
/** Steps compared with each other. */
const MAX_STEPS = 200;
/** Calls a sentence gives as examples. */
const MAX_NAMED = 2;

type Known = Extract<History, { state: "known" }>;
type UsualStep = {
  nodes: number[];
  isSingle: boolean;
  call: Known;
  fromUs: number;
  toUs: number;
  sumUs: number;
  p75Us: number;
  p95Us: number;
};

/**
 * Calls of one parent that run one after another and used to run at the same time, whether they are all of one step or
 * of several. That they did shows that none needs another's answer. Total: none without history.
 */
export function findNoLongerBeside(
  analysis: Analysis,
  parent: number,
  children: readonly number[],
): Candidate | undefined {
  if (!analysis.usual.has) return undefined;
  const steps = usualSteps(analysis, parent, children);
  // Of calls of one step that take turns with others nobody knows when each of them ran.
  const compact = steps.filter((one) => one.isSingle || isBesideItself(one)).slice(0, MAX_STEPS);
  const beside = compact.filter((one) => isBesideItself(one) || compact.some((other) => overlaps(one, other)));
  const run = beside.flatMap(({ nodes }) => nodes).sort((a, b) => a - b);
  const first = beside[0]?.call;
  if (first === undefined || run.length < 2) return undefined;
  const elapsedUs = unionUs(analysis, run);
  if (isTrifle(analysis, elapsedUs) || elapsedUs < IN_ROW_SHARE * sumOf(run.map(analysis.durationUs))) return undefined;
  const p50Us = Math.max(...beside.map(({ toUs }) => toUs)) - Math.min(...beside.map(({ fromUs }) => fromUs));
  if (p50Us > BESIDE_SHARE * sumOf(beside.map(({ sumUs }) => sumUs))) return undefined;
  const p75Us = Math.max(p50Us, ...beside.map((one) => one.p75Us));
  const p95Us = Math.max(p75Us, ...beside.map((one) => one.p95Us));
  return weighRun(analysis, parent, {
    run,
    elapsedUs,
    history: { ...first, p75Us, mostUs: p95Us, usual: { ...first.usual, p50Us, p95Us } },
  });
}

/** What history knows of the steps of a parent that nearly all its requests have; a loop that grew is another matter. */
function usualSteps({ timeline, trace, usual }: Analysis, parent: number, children: readonly number[]): UsualStep[] {
  const of = (node: number, measure: Measure) => usual.of(timeline.rows[node] ?? 0, measure);
  const above = of(parent, "callUs");
  if (above.state !== "known") return [];
  const byPath = new Map<number, number[]>();
  for (const child of children) {
    // Where an orphan used to stand below its parent says nothing here.
    if (hasFlag(trace, timeline.rows[child] ?? 0, "orphan")) continue;
    const path = usual.pathOf(timeline.rows[child] ?? 0);
    const same = byPath.get(path);
    if (same === undefined) byPath.set(path, [child]);
    else same.push(child);
  }
  const parents = Math.max(1, above.calls.p50);
  return [...byPath.values()].flatMap((nodes): UsualStep[] => {
    const [call, start, busy, total] = (["callUs", "afterParentUs", "busyUs", "totalUs"] as const).map((measure) =>
      of(nodes[0] ?? 0, measure),
    );
    if (call?.state !== "known" || start?.state !== "known" || busy?.state !== "known" || total?.state !== "known")
      return [];
    if (call.usual.count < ALWAYS_SHARE * above.usual.count) return [];
    if (nodes.length > Math.max(1, (call.calls.p95 / parents) * UNUSUAL_FACTOR)) return [];
    const fromUs = start.usual.p50Us;
    const toUs = fromUs + busy.usual.p50Us / parents;
    const isSingle = nodes.length === 1 && call.calls.p95 <= parents;
    return [
      {
        nodes,
        isSingle,
        call,
        fromUs,
        toUs,
        sumUs: total.usual.p50Us / parents,
        p75Us: busy.p75Us / parents,
        p95Us: busy.usual.p95Us / parents,
      },
    ];
  });
}

const isBesideItself = ({ nodes, fromUs, toUs, sumUs }: UsualStep): boolean =>
  nodes.length > 1 && toUs - fromUs < BESIDE_SHARE * sumUs;

const overlaps = (one: UsualStep, other: UsualStep): boolean =>
  one !== other &&
  Math.min(one.toUs, other.toUs) - Math.max(one.fromUs, other.fromUs) >
    Math.min(one.toUs - one.fromUs, other.toUs - other.fromUs) / 2;

type Run = { run: readonly number[]; elapsedUs: number; history: Known };

function weighRun(analysis: Analysis, parent: number, { run, elapsedUs, history }: Run): Candidate | undefined {
  const longest = run.reduce((a, b) => (analysis.durationUs(b) > analysis.durationUs(a) ? b : a));
  const calls = run.map((node) => callBelow(analysis, node));
  const name = nameNode(analysis, parent);
  return weigh(analysis, {
    kind: "sequential-calls",
    node: parent,
    nodes: calls,
    claims: claimSubtrees(analysis, run),
    change: { shortened: [{ nodes: run.filter((node) => node !== longest), toUs: 0 }] },
    measuredUs: elapsedUs,
    history,
    isProven: true,
    sentence: `${name} makes ${times(run.length)} calls (${namesOf(analysis, calls)}) one after another, in ${spell(elapsedUs)} together. They used to run side by side.`,
    clause: `${run.length} calls one after another in ${name}`,
  });
}

function namesOf(analysis: Analysis, calls: readonly number[]): string {
  const byName = new Map<string, number[]>();
  for (const call of calls) {
    const { name } = analysis.text(call);
    byName.set(name, [...(byName.get(name) ?? []), call]);
  }
  const isSame = byName.size === 1 && calls.length >= MIN_REPEATED_CALLS;
  const names = isSame
    ? [describeCalls(analysis, calls)]
    : [...new Set(calls.map((call) => describeCalls(analysis, [call])))];
  return `${names.slice(0, MAX_NAMED).join(", ")}${names.length > MAX_NAMED ? ", …" : ""}`;
}
