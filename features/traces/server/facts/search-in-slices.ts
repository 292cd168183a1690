import type { TraceSummary } from "@/features/traces/contract";
import type { Stretch } from "@/features/traces/domain/facts/time-slices";
import { MS_PER_SECOND } from "@/lib/units";
import type { SourceSearch } from "../trace-source";
import { askSource, type SearchPort } from "./ask-source";

export type SlicedLimits = { pageDepth: number; mostTraces: number; mostAsks: number; mostMs: number };
const LIMITS: SlicedLimits = { pageDepth: 1500, mostTraces: 20_000, mostAsks: 60, mostMs: 8 * MS_PER_SECOND };

type Sliced = {
  source: SearchPort;
  search: Omit<SourceSearch, "depth">;
  now: () => number;
  signal?: AbortSignal | undefined;
  limits?: Partial<SlicedLimits>;
};

/**
 * The traces a search finds beyond the one page a source gives: a full page has its time halved, the newer half asked first.
 * `isWhole`: these are all; otherwise they are the newest, as far as traces, questions and time allow.
 */
export async function searchInSlices({
  source,
  search,
  now,
  signal,
  limits,
}: Sliced): Promise<{ summaries: TraceSummary[]; isWhole: boolean }> {
  const { pageDepth, mostTraces, mostAsks, mostMs } = { ...LIMITS, ...limits };
  const deadlineMs = now() + mostMs;
  const byId = new Map<string, TraceSummary>();
  const waiting: Stretch[] = [{ fromUs: search.startUs, toUs: search.endUs }];
  let isWhole = true;
  for (let asked = 0; ; asked += 1) {
    const slice = waiting.pop();
    if (slice === undefined) return { summaries: [...byId.values()], isWhole };
    const isOver = byId.size >= mostTraces || asked >= mostAsks || (asked > 0 && now() >= deadlineMs);
    if (isOver) return { summaries: [...byId.values()], isWhole: false };
    const { fromUs, toUs } = slice;
    const answer = await askSource(source, { ...search, startUs: fromUs, endUs: toUs, depth: pageDepth + 1 }, signal);
    for (const summary of answer.summaries) byId.set(summary.traceId, summary);
    isWhole &&= !answer.isPartial;
    if (!answer.isFull) continue;
    const middleUs = Math.floor((fromUs + toUs) / 2);
    if (middleUs === fromUs) isWhole = false;
    // Both halves have their edge: sources keep time finer than a microsecond.
    else waiting.push({ fromUs, toUs: middleUs }, { fromUs: middleUs, toUs });
  }
}
