"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import * as z from "zod/mini";
import { ApiProblem, toApiProblem } from "@/lib/api";
import { type TimeRangeParams, toTimeWindow } from "@/lib/time-range";
import { MS_PER_SECOND } from "@/lib/units";
import { type SlowestBy, type SlowestProgress, type SlowestResult, slowestEventSchemas } from "../../contract";
import type { FactMeaning } from "../../domain/query/query-meaning";
import { takeFrames } from "../../domain/search-view/event-frames";
import { factsParams } from "../../domain/search-view/facts-request";
import { traceKeys } from "../../queries";

const FRESH_FOR_MS = 60 * MS_PER_SECOND;

type RankingAsked = {
  by: SlowestBy;
  meaning: FactMeaning;
  range: TimeRangeParams;
  hasOwn: boolean;
  limit: number;
  isEnabled: boolean;
};

/** The proven ranking of a window: its progress while it runs, then the result. `cancel` ends it on the server, too. */
export function useRanking({ by, meaning, range, hasOwn, limit, isEnabled }: RankingAsked) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<SlowestProgress | undefined>(undefined);
  const queryKey = traceKeys.ranking({ by, meaning, range, hasOwn, limit });
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      setProgress(undefined);
      const params = factsParams(meaning, toTimeWindow(range, Date.now()), {
        by,
        limit: String(limit),
        own: hasOwn ? "true" : "",
      });
      return readRanking(`/api/traces/slowest?${params}`, signal, setProgress);
    },
    enabled: isEnabled,
    staleTime: FRESH_FOR_MS,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const cancel = () => void client.cancelQueries({ queryKey });
  return { query, progress, cancel };
}

async function readRanking(
  url: string,
  signal: AbortSignal,
  onProgress: (progress: SlowestProgress) => void,
): Promise<SlowestResult> {
  const response = await fetch(url, { signal, headers: { accept: "text/event-stream" } });
  if (!response.ok || response.body === null) throw await toApiProblem(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const { frames, rest } = takeFrames(text + chunk.value);
    text = rest;
    for (const { event, data } of frames) {
      const value: unknown = JSON.parse(data);
      if (event === "result") return z.parse(slowestEventSchemas.result, value);
      if (event === "progress") onProgress(z.parse(slowestEventSchemas.progress, value));
      if (event === "failed") throw new ApiProblem({ status: 502, ...z.parse(slowestEventSchemas.failed, value) });
    }
  }
  throw new ApiProblem({ status: 0, code: "unreachable", detail: "The console ended the ranking before its result." });
}
