import { AppError } from "@/lib/errors";
import type { SourceAnswer, SourceSearch, TraceSource } from "../trace-source";

export type SearchPort = Pick<TraceSource, "searchTraces">;

const SMALLER = 8;
const MIN_DEPTH = 20;

/**
 * A search that asks for fewer traces when the answer is too large to take: older Jaegers answer a search with whole
 * traces. Then `isFull`, as more may match.
 */
export async function searchGently(
  source: SearchPort,
  search: SourceSearch,
  signal?: AbortSignal,
): Promise<SourceAnswer> {
  try {
    return await source.searchTraces(search, signal);
  } catch (error) {
    const depth = Math.floor(search.depth / SMALLER);
    if (!(error instanceof AppError) || error.code !== "upstream_too_large" || depth < MIN_DEPTH) throw error;
    return searchGently(source, { ...search, depth }, signal);
  }
}
