import type { SearchNote } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import type { SourceSearch, SourceSummary, TraceSource } from "../trace-source";

/** Services asked one by one where the store cannot search without one. */
const MAX_SERVICES = 50;

export type WholeAnswer = { summaries: SourceSummary[]; isFull: boolean; isPartial: boolean; notes: SearchNote[] };
export type SearchPort = Pick<TraceSource, "searchTraces" | "listServices">;

/**
 * One question to the source, whatever it takes: a store that needs a service is asked for each of them; an answer too
 * large to take counts as a full page, so that the caller asks for less. `isPartial`: not every service was asked.
 */
export async function askSource(source: SearchPort, search: SourceSearch, signal?: AbortSignal): Promise<WholeAnswer> {
  try {
    return toWhole(await source.searchTraces(search, signal));
  } catch (error) {
    if (error instanceof AppError && error.code === "upstream_too_large") {
      return { summaries: [], isFull: true, isPartial: false, notes: [] };
    }
    if (!needsService(error) || search.service !== undefined) throw error;
    return askEachService(source, search, signal);
  }
}

async function askEachService(source: SearchPort, search: SourceSearch, signal?: AbortSignal): Promise<WholeAnswer> {
  const services = await source.listServices(signal);
  const byId = new Map<string, SourceSummary>();
  let isFull = false;
  for (const service of services.slice(0, MAX_SERVICES)) {
    const answer = await askSource(source, { ...search, service }, signal);
    for (const summary of answer.summaries) byId.set(summary.traceId, summary);
    isFull ||= answer.isFull;
  }
  return { summaries: [...byId.values()], isFull, isPartial: services.length > MAX_SERVICES, notes: [] };
}

function toWhole({ summaries, isFull, notes }: Omit<WholeAnswer, "isPartial">): WholeAnswer {
  return { summaries, isFull, notes, isPartial: notes.some(({ code }) => code === "services_left_out") };
}

function needsService(error: unknown): boolean {
  return error instanceof AppError && error.problems.some(({ field }) => field === "service");
}
