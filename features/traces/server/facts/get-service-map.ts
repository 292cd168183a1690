import type { ServiceMapQuery, ServiceMapReply } from "@/features/traces/contract";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { isOwnService } from "@/features/traces/domain/own-traces";
import { AppError, messageOf } from "@/lib/errors";
import { MS_PER_SECOND, US_PER_MS, US_PER_SECOND } from "@/lib/units";
import { parseReply } from "../jaeger/jaeger-reply";
import type { FactTable } from "./fact-table";
import { isLate, PATIENCE_MS } from "./late-answer";
import { dependenciesSchema } from "./metric-schemas";
import { countServices, type ServiceCount } from "./red-repository";
import {
  countSampled,
  type SampledEdge,
  type SampledShare,
  sampledEdges,
  sampledShares,
} from "./trace-sample-repository";

const WAIT_MS = 1500;
type Edge = ServiceMapReply["edges"][number];
/** `callCount` null: there were calls, and not all of them were counted. */
type Counted = { parent: string; child: string; callCount: number | null };

/** Who calls whom: how often as the source counts it, how well as sampled traces show it. */
export async function getServiceMap(
  table: FactTable,
  query: ServiceMapQuery,
  signal?: AbortSignal,
): Promise<ServiceMapReply> {
  const window = table.passed(table.windowOf(query));
  const sourceId = await table.sourceId();
  await table.filler.fill(window, { waitMs: WAIT_MS, signal });
  await table.sampler.sample(window, { waitMs: WAIT_MS, signal });
  const [dependencies, sampled, services, sampledTraces, shares] = await Promise.all([
    readDependencies(table, window, signal),
    sampledEdges(sourceId, window),
    countServices(sourceId, window),
    countSampled(sourceId, window),
    sampledShares(sourceId, window),
  ]);
  const shareOf = new Map(shares.map((share) => [share.service, share]));
  const seconds = (window.toUs - window.fromUs) / US_PER_SECOND;
  const edges = mergeEdges(dependencies.calls, sampled, seconds);
  const remote = new Set(sampled.filter(({ isRemote }) => isRemote).map(({ child }) => child));
  const began = new Map(services.map((one) => [one.service, one]));
  const names = new Set([...began.keys(), ...edges.flatMap(({ parent, child }) => [parent, child])]);
  return {
    window: { startUs: window.fromUs, endUs: window.toUs },
    nodes: [...names].sort().map((service) => {
      const counted = began.get(service);
      const share = shareOf.get(service);
      return {
        service,
        isRemote: remote.has(service) && counted === undefined,
        requestCount: counted?.count ?? null,
        errorCount: counted?.errorCount ?? null,
        begunCount: counted === undefined ? null : counted.count - counted.innerCount,
        perSecond: counted === undefined ? null : estimated(counted, share) / seconds,
        p95Us: counted?.p95Us ?? null,
        sampledCount: share?.sampledCount ?? 0,
        traceCount: share?.traceCount ?? 0,
      };
    }),
    edges,
    sampledTraces,
    notes: [
      ...dependencies.notes,
      {
        code: "sampled",
        text: `Errors, durations and calls to systems without spans come from ${sampledTraces} sampled traces.`,
      },
    ],
  };
}

/** Requests inside others' traces that are known of some traces only stand for those of all. */
function estimated({ count, innerCount }: ServiceCount, share: SampledShare | undefined): number {
  const scale = share === undefined || share.knownCount === 0 ? 1 : share.traceCount / share.knownCount;
  return count + innerCount * (scale - 1);
}

function mergeEdges(counted: readonly Counted[], sampled: readonly SampledEdge[], seconds: number): Edge[] {
  const edges = new Map<string, Edge>();
  const edgeOf = (parent: string, child: string): Edge => {
    const key = JSON.stringify([parent, child]);
    const blank = { callCount: null, perSecond: null, sampledCalls: 0, errorShare: null, p95Us: null, perTrace: null };
    const edge = edges.get(key) ?? { parent, child, ...blank };
    edges.set(key, edge);
    return edge;
  };
  for (const { parent, child, callCount } of counted) {
    // Calls within one service are no line on a map.
    if (parent === child || isOwnService(parent) || isOwnService(child)) continue;
    Object.assign(edgeOf(parent, child), { callCount, perSecond: callCount === null ? null : callCount / seconds });
  }
  for (const { parent, child, traces, calls, errors, p95Us } of sampled) {
    const share = { sampledCalls: calls, errorShare: errors / calls, p95Us, perTrace: calls / traces };
    Object.assign(edgeOf(parent, child), share);
  }
  return [...edges.values()].sort((a, b) => (b.callCount ?? b.sampledCalls) - (a.callCount ?? a.sampledCalls));
}

/** Counts of Jaeger; some stores have none until a job of theirs has run, and a map without counts is still a map. */
async function readDependencies(table: FactTable, { fromUs, toUs }: Stretch, signal?: AbortSignal) {
  const params = new URLSearchParams({
    endTs: String(Math.ceil(toUs / US_PER_MS)),
    lookback: String(Math.ceil((toUs - fromUs) / US_PER_MS)),
  });
  try {
    const asked = table.source.ask("/api/dependencies", params, signal);
    if (await isLate(asked)) {
      // It goes on without us: its end tells the source's health.
      asked.catch(() => {});
      throw new AppError("upstream_timeout", `It has not answered for ${PATIENCE_MS / MS_PER_SECOND} s.`);
    }
    const parsed = dependenciesSchema.parse(parseReply(await asked, "its dependencies"));
    const calls: Counted[] = parsed.data ?? [];
    const [lack] = parsed.errors ?? [];
    if (lack !== undefined) {
      // A part of the calls over the whole window would be a rate that never was.
      const text = `${table.source.called} counted only a part of the calls: ${lack.msg}.`;
      return { calls: calls.map((call) => ({ ...call, callCount: null })), notes: [{ code: "counted_partly", text }] };
    }
    const none = { code: "no_dependencies", text: `${table.source.called} has counted no calls in this window.` };
    return { calls, notes: calls.length === 0 ? [none] : [] };
  } catch (error) {
    signal?.throwIfAborted();
    const text = `${table.source.called} did not tell its counts of calls. ${messageOf(error)}`;
    return { calls: [], notes: [{ code: "dependencies_failed", text }] };
  }
}
