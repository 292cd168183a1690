import type {
  CompletionsQuery,
  CompletionsReply,
  Deploy,
  DeploysQuery,
  DigestQuery,
  DigestReply,
  FactsQuery,
  FactsReply,
  PointsQuery,
  PointsReply,
  RedQuery,
  RedReply,
  ReportDeploy,
  SavedSearch,
  SaveSearch,
  ServiceMapQuery,
  ServiceMapReply,
  SlowestQuery,
} from "@/features/traces/contract";
import { parseQueryLine } from "@/features/traces/domain/query/parse-query-line";
import { AppError } from "@/lib/errors";
import { US_PER_MS } from "@/lib/units";
import type { Viewer } from "@/server/auth/permissions";
import type { SseFrame } from "@/server/http/sse";
import { sharedTraces } from "../shared-traces";
import { completeQuery } from "./complete-query";
import { findDeploys, saveDeploy } from "./deploy-repository";
import { getDigest } from "./get-digest";
import { getFacts } from "./get-facts";
import { getPoints } from "./get-points";
import { getRed } from "./get-red";
import { getServiceMap } from "./get-service-map";
import { rankSlowest } from "./rank-slowest";
import { deleteSearch, findSearches, saveSearch } from "./saved-search-repository";

/** Totals, pictures and a page of traces out of the fact table, with how much of the window it holds. */
export function getTraceFacts(query: FactsQuery, signal?: AbortSignal): Promise<FactsReply> {
  return getFacts(sharedTraces().facts, query, signal);
}

/** What all traces of the window say together; what is missing of it is read in the background. */
export function getTraceDigest(query: DigestQuery, signal?: AbortSignal): Promise<DigestReply> {
  return getDigest(sharedTraces().facts, query, signal);
}

/** Every trace of the window as a point, or a sample of very many, with what is usual for their operations. */
export function getTracePoints(query: PointsQuery, signal?: AbortSignal): Promise<PointsReply> {
  return getPoints(sharedTraces().facts, query, signal);
}

/** Events `progress` and then `result`, or `failed` when nothing could be found out. Ends with `signal`. */
export async function* watchSlowest(query: SlowestQuery, signal?: AbortSignal): AsyncGenerator<SseFrame> {
  try {
    for await (const { event, data } of rankSlowest(sharedTraces().facts, query, signal)) yield { event, data };
  } catch (error) {
    if (signal?.aborted || !(error instanceof AppError)) throw error;
    yield { event: "failed", data: { code: error.code, detail: error.message } };
  }
}

/** The result alone. Rejects with `upstream_*` when nothing could be found out. */
export async function findSlowest(query: SlowestQuery, signal?: AbortSignal) {
  for await (const { event, data } of rankSlowest(sharedTraces().facts, query, signal)) {
    if (event === "result") return data;
  }
  throw new AppError("internal", "The ranking ended without a result.");
}

/** Rate, errors and durations of a service; from Jaeger's metrics where it has them. */
export function getServiceRed(service: string, query: RedQuery, signal?: AbortSignal): Promise<RedReply> {
  return getRed(sharedTraces().facts, service, query, signal);
}

/** Who calls whom in the window. */
export function getMap(query: ServiceMapQuery, signal?: AbortSignal): Promise<ServiceMapReply> {
  return getServiceMap(sharedTraces().facts, query, signal);
}

/** What could stand next in a query line. */
export function getCompletions(query: CompletionsQuery, signal?: AbortSignal): Promise<CompletionsReply> {
  return completeQuery(sharedTraces().facts, query, signal);
}

/** Deploys reported and seen, newest first; of all time where no window is named. */
export async function listDeploys({ service, start = 0, end }: DeploysQuery): Promise<Deploy[]> {
  const toUs = end === undefined ? Number.MAX_SAFE_INTEGER : end * US_PER_MS;
  return findDeploys({ sourceId: await sharedTraces().facts.sourceId(), service, fromUs: start * US_PER_MS, toUs });
}

/** Keeps a deploy somebody reports; now when they do not say when. */
export function reportDeploy({ service, version, at = Date.now() }: ReportDeploy, viewer: Viewer): Promise<Deploy> {
  return saveDeploy({ service, version, atUs: at * US_PER_MS, actor: viewer.name });
}

/** Saved searches by name. */
export function listSearches(): Promise<SavedSearch[]> {
  return findSearches();
}

/** Keeps a search under its name; refuses a line that does not read. */
export function keepSearch(search: SaveSearch, viewer: Viewer): Promise<SavedSearch> {
  const { problems } = parseQueryLine(search.line);
  const [first] = problems;
  if (first !== undefined) {
    throw new AppError("invalid_input", `line: ${first.message}`, {
      problems: problems.map(({ from, message }) => ({ field: "line", message: `${message} (character ${from + 1})` })),
    });
  }
  return saveSearch(search, viewer.name);
}

/** Whether there was one to delete. */
export function forgetSearch(id: string, viewer: Viewer): Promise<boolean> {
  return deleteSearch({ id, actor: viewer.name });
}
