import type { DigestQuery, DigestReply } from "@/features/traces/contract";
import { binRangeOf, histogramOf } from "@/features/traces/domain/facts/fact-buckets";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { AppError } from "@/lib/errors";
import { countParts, countRootBins, countRootOperations, type PartCount } from "./digest-repository";
import { type FactScope, NO_FILTER } from "./fact-query-repository";
import type { FactTable } from "./fact-table";
import { findSlowdowns, usualStretch } from "./find-slowdowns";
import { doubtSlices } from "./slice-repository";

const WAIT_MS = 800;
/** As many columns as a chart of a page's width shows apart. */
const PARTS = 72;
const MAX_OPERATIONS = 50;

/**
 * What all traces of a window say together, the console's own left out: how many, how many failed, over time and per root
 * operation. Starts to read what is missing. Rejects with `upstream_unreachable` when nothing is known and nothing comes.
 */
export async function getDigest(table: FactTable, query: DigestQuery, signal?: AbortSignal): Promise<DigestReply> {
  const window = table.windowOf(query);
  const passed = table.passed(window);
  await table.filler.fill(passed, { waitMs: WAIT_MS, signal });
  const scope: FactScope = {
    sourceId: await table.sourceId(),
    window,
    filters: { ...NO_FILTER, service: undefined, own: false },
  };
  const counted = await countRootOperations(scope, MAX_OPERATIONS);
  const [parts, bins, coverage] = await Promise.all([
    countParts(scope, PARTS),
    countRootBins(scope),
    table.coverageOf(passed),
  ]);
  if (counted.totals.count === 0 && coverage.filling === "failing") {
    throw new AppError("upstream_unreachable", coverage.trouble ?? "The trace source does not answer.");
  }
  // Traces may have come after their time was read; a source that tells of late spans has nothing that was missed.
  if (counted.totals.count === 0 && !table.tellsLateSpans) await doubtSlices(scope.sourceId, window);
  const range = binRangeOf(bins);
  // What is usual is read once the window itself is; a source asked for both at once answers both later.
  if (coverage.filling === "done") table.filler.demand(usualStretch(window));
  const standingOf = await findSlowdowns(scope, counted.operations, PARTS);
  // What began with a deploy is told by the versions in traces, which are read for it.
  if (counted.operations.some((one) => standingOf(one).slowdown !== null)) {
    void table.sampler.sample(passed, { waitMs: 0 });
  }
  return {
    window: { startUs: window.fromUs, endUs: window.toUs },
    totals: counted.totals,
    series: seriesOf(parts, window),
    durations: counted.durations,
    operations: counted.operations.map((one) => ({
      ...one,
      ...standingOf(one),
      histogram: histogramOf(
        bins.filter(({ service, operation }) => service === one.service && operation === one.operation),
        range,
      ),
    })),
    operationCount: counted.operationCount,
    coverage,
  };
}

function seriesOf(parts: readonly PartCount[], { fromUs, toUs }: Stretch): DigestReply["series"] {
  const byPart = new Map(parts.map((each) => [each.part, each]));
  const edge = (at: number) => fromUs + ((toUs - fromUs) * at) / PARTS;
  return Array.from({ length: PARTS }, (_, at) => {
    const { count = 0, errorCount = 0, maxUs = 0 } = byPart.get(at) ?? {};
    return { startUs: edge(at), endUs: edge(at + 1), count, errorCount, maxUs };
  });
}
