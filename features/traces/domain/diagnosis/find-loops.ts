import { SPAN_CATEGORIES } from "../span-category";
import { SPAN_KINDS } from "../trace-skeleton";
import { type Analysis, childrenOf } from "./analysis";
import { type Candidate, claimSubtrees, sumOf, weigh } from "./candidate";
import { Claims } from "./claims";
import { callBelow, hasSingleChild, ownBetween } from "./find-retries";
import { describeCalls, nameNode, times, under } from "./phrase";
import { isCall } from "./step-groups";
import { MIN_REPEATED_CALLS, ONE_CALL_SHARE, SEQUENTIAL_SHARE, UNUSUAL_FACTOR, UNUSUAL_THRESHOLD } from "./thresholds";
import { unionUs } from "./union-us";
import { type History, isUnusual } from "./usual";

const DATABASE = SPAN_CATEGORIES.indexOf("database");
const INTERNAL = new Set([SPAN_KINDS.indexOf("unspecified"), SPAN_KINDS.indexOf("internal")]);
/** Names of wrappers a sentence gives as examples. */
const NAMED_WRAPPERS = 2;

const rowOf = ({ timeline }: Analysis, node: number): number => timeline.rows[node] ?? 0;

export const isTrifle = ({ journey }: Analysis, us: number): boolean =>
  us < UNUSUAL_THRESHOLD.savesUs || us < UNUSUAL_THRESHOLD.share * journey.durationUs;

/** Side by side only so many calls are a loop, of which each of those that run at a time makes so many. */
const MANY_CALLS = 20;
const MANY_TURNS = 8;

type Told = { history: History; where: string; how: string };

/** Similar calls one after another as a loop, or undefined where they are none. `told` says of calls of several steps what one step tells of itself. */
export function weighLoop(analysis: Analysis, nodes: readonly number[], told?: Told): Candidate | undefined {
  const [first] = nodes;
  if (first === undefined || nodes.length < MIN_REPEATED_CALLS || !isCall(analysis.trace, rowOf(analysis, first)))
    return;
  const { pathUs, longestUs, wholeUs } = sumUp(analysis, nodes);
  if (isTrifle(analysis, pathUs)) return;
  const atATime = wholeUs / pathUs;
  const isSequential = atATime * SEQUENTIAL_SHARE <= 1;
  if (!isSequential && (nodes.length < MANY_CALLS || nodes.length < MANY_TURNS * atATime)) return;
  if (longestUs >= ONE_CALL_SHARE * pathUs) return;
  const history = told?.history ?? analysis.usual.of(rowOf(analysis, first), "busyUs");
  if (history.state === "known" && nodes.length <= history.calls.p95 * UNUSUAL_FACTOR && isEachSlow(analysis, nodes))
    return;
  const what = describeCalls(analysis, nodes);
  const where = told?.where ?? under(analysis, first);
  const { claims, alongside, tops } = claimLoop(analysis, nodes);
  return weigh(analysis, {
    kind: "n-plus-one",
    node: first,
    nodes: [...nodes],
    claims,
    alongside,
    change: { shortened: [{ nodes: tops.slice(1), toUs: 0 }] },
    measuredUs: history.state === "known" ? unionUs(analysis, nodes) : 0,
    history,
    isMeant: !isSequential,
    sentence: `${times(nodes.length)} ${what} ${isSequential ? "one after another" : `about ${Math.round(atATime)} at a time`}${where}${told?.how ?? ""}: one call for all of them would do.`,
    clause: `${times(nodes.length)} ${nameNode(analysis, first)}${where} (N+1)`,
  });
}

/** The journey's time in calls with all below them, the longest of those, and how long the calls ran. */
function sumUp({ timeline, withinUs }: Analysis, nodes: readonly number[]) {
  let [pathUs, longestUs, wholeUs] = [0, 0, 0];
  for (const node of nodes) {
    const us = withinUs(node);
    pathUs += us;
    longestUs = Math.max(longestUs, us);
    wholeUs += (timeline.endUs[node] ?? 0) - (timeline.startUs[node] ?? 0);
  }
  return { pathUs, longestUs, wholeUs };
}

/**
 * Loops whose queries stand each in a span of another name (`load_comment a`, `load_comment b`): by their place they are
 * different steps, by their statement one. Only of statements: without it the wrapper's name is what tells them apart.
 */
export function findWrappedLoops(analysis: Analysis): Candidate[] {
  const { timeline } = analysis;
  const found: (Candidate | undefined)[] = [];
  for (let parent = 0; parent < timeline.count; parent += 1) {
    // Nothing below can save more than the journey spends there.
    if (isTrifle(analysis, analysis.withinUs(parent)) || hasSingleChild(timeline, parent)) continue;
    for (const calls of wrappedCalls(analysis, parent)) found.push(weighWrapped(analysis, parent, calls));
  }
  return found.filter((candidate) => candidate !== undefined);
}

/** The queries that children of a node wrap, by what they ask, where wrappers of several names ask the same. */
function wrappedCalls(analysis: Analysis, parent: number): number[][] {
  const { timeline, groupOf } = analysis;
  const children = childrenOf(timeline, parent);
  if (children.length < MIN_REPEATED_CALLS) return [];
  const byShape = new Map<number, number[]>();
  /** What the spans of a name wrap, to know a query again that came without its statement. */
  const shapeWithin = new Map<string, number>();
  const bare: { call: number; within: string }[] = [];
  for (const child of children) {
    const call = timeline.isAsync[child] === 1 ? child : callBelow(analysis, child);
    if (call === child) continue;
    const { name, detail } = analysis.text(call);
    const within = `${groupOf[child]} ${name}`;
    if (detail === "") bare.push({ call, within });
    if (!isStatement(analysis, call)) continue;
    const shape = analysis.shapeOf(call);
    shapeWithin.set(within, shape);
    const calls = byShape.get(shape);
    if (calls === undefined) byShape.set(shape, [call]);
    else calls.push(call);
  }
  for (const { call, within } of bare) byShape.get(shapeWithin.get(within) ?? -1)?.push(call);
  return [...byShape.values()]
    .filter((calls) => calls.some((call) => groupOf[call] !== groupOf[calls[0] ?? 0]))
    .map((calls) => calls.sort((a, b) => a - b));
}

/** A prepared statement by its name may be any statement. */
function isStatement(analysis: Analysis, call: number): boolean {
  const { name, detail } = analysis.text(call);
  const isDatabase = analysis.trace.category[rowOf(analysis, call)] === DATABASE;
  return isDatabase && detail !== "" && !name.startsWith("EXECUTE");
}

function weighWrapped(analysis: Analysis, parent: number, calls: readonly number[]): Candidate | undefined {
  const history = historyOfAll(analysis, calls);
  if (history === undefined) return undefined;
  const names = new Set(calls.map((call) => nameNode(analysis, analysis.timeline.parent[call] ?? call)));
  const named = [...names].slice(0, NAMED_WRAPPERS).join(", ");
  return weighLoop(analysis, calls, {
    history,
    where: ` under ${nameNode(analysis, parent)}`,
    how: `, each in a span of its own (${named}${names.size > NAMED_WRAPPERS ? ", …" : ""})`,
  });
}

/** What is usual of several steps together. Undefined where of some of them nobody knows it. */
function historyOfAll({ groupOf, timeline, usual }: Analysis, calls: readonly number[]): History | undefined {
  if (!usual.has) return { state: "none" };
  const steps = new Map(calls.map((call) => [groupOf[call], usual.of(timeline.rows[call] ?? 0, "busyUs")]));
  const histories = [...steps.values()];
  if (histories.some(({ state }) => state === "none")) return undefined;
  const known = histories.flatMap((history) => (history.state === "known" ? [history] : []));
  const [first] = known;
  if (first === undefined) return { state: "new" };
  const sum = (of: (history: (typeof known)[number]) => number) => sumOf(known.map(of));
  return {
    ...first,
    p75Us: sum(({ p75Us }) => p75Us),
    mostUs: sum(({ mostUs }) => mostUs),
    usual: { ...first.usual, p50Us: sum((one) => one.usual.p50Us), p95Us: sum((one) => one.usual.p95Us) },
    calls: { ...first.calls, p50: sum((one) => one.calls.p50), p95: sum((one) => one.calls.p95) },
  };
}

/**
 * The calls with what each is wrapped in; alongside, what their parent does between them to send one and read another: not
 * time nobody explains, nor time of the calls. Where either is more than the calls themselves it is work of its own.
 * `tops` go when the calls go.
 */
function claimLoop(analysis: Analysis, nodes: readonly number[]) {
  const { timeline } = analysis;
  const claims = claimSubtrees(analysis, nodes);
  const callsUs = claims.sumUs;
  const wrapped = nodes.map((node) => topOf(analysis, node));
  const wrapperUs = ownAbove(analysis, nodes, wrapped);
  const isWhole = wrapperUs.sumUs <= callsUs;
  const tops = isWhole ? wrapped : nodes;
  if (isWhole) claims.addAll(wrapperUs);
  const alongside = new Claims();
  const parent = timeline.parent[tops[0] ?? 0] ?? -1;
  if (parent === -1 || tops.some((node) => timeline.parent[node] !== parent)) return { claims, alongside, tops };
  const fromUs = timeline.startUs[tops[0] ?? 0] ?? 0;
  const betweenUs = ownBetween(analysis, parent, fromUs, timeline.endUs[tops.at(-1) ?? 0] ?? 0);
  if (betweenUs > 0 && betweenUs <= callsUs) alongside.add(parent, betweenUs);
  return { claims, alongside, tops };
}

/** The journey's time in the own work of what wraps each call; a wrapper and what it wraps stand one after another. */
function ownAbove({ ownUs }: Analysis, nodes: readonly number[], tops: readonly number[]): Claims {
  const claims = new Claims();
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] ?? 0;
    for (let above = tops[at] ?? node; above < node; above += 1) claims.add(above, ownUs[above] ?? 0);
  }
  return claims;
}

/** The outermost span that wraps a call and nothing else. */
function topOf({ timeline, trace }: Analysis, call: number): number {
  let top = call;
  for (let above = timeline.parent[top] ?? -1; above > 0; above = timeline.parent[above] ?? -1) {
    const row = timeline.rows[above] ?? 0;
    if (!hasSingleChild(timeline, above) || timeline.isAsync[top] === 1) break;
    if (!INTERNAL.has(trace.kind[row] ?? 0) || isCall(trace, row)) break;
    top = above;
  }
  return top;
}

/** As many calls as ever, each of them slower: slow calls, not a loop that grew. */
function isEachSlow(analysis: Analysis, nodes: readonly number[]): boolean {
  const slow = nodes.filter(
    (node) => isUnusual(analysis.durationUs(node), analysis.usual.of(rowOf(analysis, node), "callUs")) === true,
  );
  return slow.length >= nodes.length / 2;
}
