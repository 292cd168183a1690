import type { FactsQuery, FactsReply, SlowestQuery } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import type { SseFrame } from "@/server/http/sse";
import { sharedTraces } from "../shared-traces";
import { getFacts } from "./get-facts";
import { rankSlowest } from "./rank-slowest";

/** Totals, pictures and a page of traces out of the fact table, with how much of the window it holds. */
export function getTraceFacts(query: FactsQuery, signal?: AbortSignal): Promise<FactsReply> {
  return getFacts(sharedTraces().facts, query, signal);
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
