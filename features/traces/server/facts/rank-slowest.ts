import type { Coverage, SlowestProgress, SlowestQuery, SlowestResult, TraceSummary } from "@/features/traces/contract";
import { type Ranking, type RankOptions, type RankPort, rankTraces } from "@/features/traces/domain/facts/rank-traces";
import { asOfText, badgeText, caveatOf, reasonText } from "@/features/traces/domain/facts/slowest-text";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { isOwnService } from "@/features/traces/domain/own-traces";
import { messageOf } from "@/lib/errors";
import { MS_PER_SECOND, US_PER_MS } from "@/lib/units";
import { askSource } from "./ask-source";
import { countTraces, type FactScope, findHighest } from "./fact-query-repository";
import type { FactTable } from "./fact-table";

const LADDER_MS = 15 * MS_PER_SECOND;
const SWEEP_MS = 60 * MS_PER_SECOND;
/** What was read before answers at once; longer waits are worth it only where nothing else can tell. */
const LOOK_MS = 300;
const NEARLY_READ = 0.1;
const STEP_MS = 500;

const LENGTHS_ONLY = {
  code: "lengths_only",
  text: "This Jaeger does not tell how long a root span took nor whether clocks agree: a trace may rank high for a job that ran on after the answer, or for a clock that is off. The trace's own page tells.",
};

export type SlowestEvent = { event: "progress"; data: SlowestProgress } | { event: "result"; data: SlowestResult };

/** The highest traces of a window: progress, then the result. Rejects when nothing at all could be found out. */
export async function* rankSlowest(
  table: FactTable,
  query: SlowestQuery,
  signal?: AbortSignal,
): AsyncGenerator<SlowestEvent> {
  const startedAtMs = table.now();
  const window = table.windowOf(query);
  const ranking = yield* rank(table, query, window, signal);
  table.library.expect(ranking.traces);
  const { proof, reason, seenCount, isSeenWhole, traces, ladder } = ranking;
  // Asking the source took until now, but each answer is of its own moment.
  const knownUntilMs = ranking.knownUntilMs ?? startedAtMs;
  const asOf = asOfText(knownUntilMs, table.now(), "UTC");
  const result: SlowestResult = {
    by: query.by,
    limit: query.limit,
    window: { startUs: window.fromUs, endUs: window.toUs },
    isProven: proof !== "none",
    proof,
    reason: { code: reason, text: reasonText({ proof, reason, askedCount: ladder.length, asOf }) },
    caveat: caveatOf(ranking),
    text: badgeText(
      { proof, reason: { code: reason }, seenCount, isSeenWhole, foundCount: traces.length, asOf },
      query.by,
    ),
    seenCount,
    isSeenWhole,
    knownUntil: new Date(knownUntilMs).toISOString(),
    traces,
    ladder,
    askedCount: ladder.length,
    tookMs: table.now() - startedAtMs,
    notes: notesOf(query, ranking),
  };
  yield { event: "result", data: result };
}

function notesOf({ by }: SlowestQuery, { failure, traces }: Ranking): SlowestResult["notes"] {
  const isTold =
    by !== "duration" || traces.every(({ requestUs, rootService }) => requestUs !== undefined || rootService === "");
  return [
    ...(failure === undefined ? [] : [{ code: "source_failed", text: messageOf(failure) }]),
    ...(isTold ? [] : [LENGTHS_ONLY]),
  ];
}

/** Nothing was asked and nothing is proven: traces may yet come. */
const NOT_BEGUN: Ranking = {
  proof: "none",
  reason: "not_begun",
  unseenBelowUs: null,
  seenCount: 0,
  isSeenWhole: false,
  traces: [],
  ladder: [],
  failure: undefined,
};

/** A ranking out of the fact table knows until when its reading holds; one that asks the source holds from its start on. */
type Dated = Ranking & { knownUntilMs?: number };

async function* rank(
  table: FactTable,
  query: SlowestQuery,
  window: Stretch,
  signal?: AbortSignal,
): AsyncGenerator<SlowestEvent, Dated> {
  if (window.fromUs >= table.now() * US_PER_MS) return NOT_BEGUN;
  // An operation or an attribute may be of any span, which the fact table does not know.
  const isInFacts = query.operation === undefined && Object.keys(query.attributes ?? {}).length === 0;
  if (isInFacts) {
    const known = yield* rankFromFacts(table, query, window, signal);
    if (known !== undefined) return known;
  }
  const deadlineMs = table.now() + (query.by === "duration" ? LADDER_MS : SWEEP_MS);
  const options: RankOptions = {
    by: query.by,
    limit: query.limit,
    startUs: window.fromUs,
    endUs: window.toUs,
    signal,
    keep: keeperOf(query, window),
    isOutOfTime: () => table.now() > deadlineMs,
    ...rootMatch(query),
  };
  const ranker = rankTraces(portOf(table, query, signal), options);
  for (;;) {
    const step = await ranker.next();
    if (step.done) {
      // Whoever asks again gets the whole window out of the fact table.
      if (isInFacts) table.filler.demand(table.passed(window));
      return step.value;
    }
    yield { event: "progress", data: step.value };
  }
}

/**
 * Out of the fact table, once it holds the whole window. Durations are worth a short look only, the ladder is quick; for
 * errors and spans everything has to be read anyway, and what was read stays.
 */
async function* rankFromFacts(
  table: FactTable,
  query: SlowestQuery,
  window: Stretch,
  signal?: AbortSignal,
): AsyncGenerator<SlowestEvent, Dated | undefined> {
  const scope: FactScope = { sourceId: await table.sourceId(), window, filters: query };
  const passed = table.passed(window);
  const isQuick = query.by === "duration";
  const deadlineMs = table.now() + (isQuick ? 0 : SWEEP_MS);
  // Reading and the ladder would wait for each other at the source: the ladder first, where much is missing.
  if (isQuick && (await table.missingShare(passed)) > NEARLY_READ) return undefined;
  for (;;) {
    await table.filler.fill(passed, { waitMs: isQuick ? LOOK_MS : STEP_MS, signal });
    const coverage = await table.coverageOf(passed);
    if (isQuick && !isEverything(coverage)) return undefined;
    const isOver = isRead(coverage) || coverage.filling === "failing" || table.now() >= deadlineMs;
    if (isOver) return rankKnown(query, scope, coverage);
    yield { event: "progress", data: progressOf(query, coverage, await countTraces(scope)) };
  }
}

const isRead = ({ filling, gapCount }: Coverage) => filling === "done" && gapCount === 0;
const isEverything = (coverage: Coverage) =>
  isRead(coverage) && coverage.truncatedCount === 0 && coverage.trouble === null;

/** Undefined where the source failed before anything was read: asking it directly will say why. */
async function rankKnown(query: SlowestQuery, scope: FactScope, coverage: Coverage): Promise<Dated | undefined> {
  const seenCount = await countTraces(scope);
  const failure = coverage.filling === "failing" ? coverage.trouble : undefined;
  if (failure !== undefined && seenCount === 0) return undefined;
  const isSeenWhole = isEverything(coverage);
  return {
    proof: isSeenWhole ? "every-trace" : "none",
    reason: isSeenWhole ? "proven" : reasonOf(coverage),
    unseenBelowUs: null,
    seenCount,
    isSeenWhole,
    knownUntilMs: Date.parse(coverage.knownUntil),
    traces: await findHighest(scope, query.by, query.limit),
    ladder: [],
    failure,
  };
}

function progressOf({ limit }: SlowestQuery, { complete }: Coverage, seen: number): SlowestProgress {
  return { phase: "facts", asked: 0, seen, provenAbove: null, found: Math.min(seen, limit), sweptShare: complete };
}

function reasonOf({ filling, truncatedCount, gapCount }: Coverage): Ranking["reason"] {
  if (filling === "failing") return "source_failed";
  if (gapCount > 0 || filling !== "done") return "out_of_time";
  return truncatedCount > 0 ? "slice_too_full" : "services_left_out";
}

function portOf(
  table: FactTable,
  { service, operation, attributes = {} }: SlowestQuery,
  signal?: AbortSignal,
): RankPort {
  return ({ fromUs, toUs, minDurationUs, depth }) =>
    askSource(
      table.source,
      { service, operation, attributes, startUs: fromUs, endUs: toUs, minDurationUs, depth },
      signal,
    );
}

/** A trace belongs to the window it starts in, as in the fact table; the console's own only when asked for. */
function keeperOf(query: SlowestQuery, { fromUs, toUs }: Stretch): (summary: TraceSummary) => boolean {
  const withOwn = query.own || (query.service !== undefined && isOwnService(query.service));
  return ({ startUs, rootService, services }) =>
    startUs >= fromUs && startUs < toUs && (withOwn || !isOwnService(rootService || (services[0]?.name ?? "")));
}

function rootMatch({ service, operation, attributes = {} }: SlowestQuery): Pick<RankOptions, "isRootMatch"> {
  const hasAttributes = Object.keys(attributes).length > 0;
  if (service === undefined && operation === undefined && !hasAttributes) return {};
  return {
    isRootMatch: ({ rootService, rootOperation }) =>
      !hasAttributes &&
      (service === undefined || rootService === service) &&
      (operation === undefined || rootOperation === operation),
  };
}
