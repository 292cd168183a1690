"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import { MS_PER_SECOND } from "@/lib/units";
import { completionsReplySchema } from "../../contract";
import type { CompletionPlace } from "../../domain/search-view/completion-place";
import { traceKeys } from "../../queries";

const MOST_SHOWN = 8;

export type Completion = {
  kind: "field" | "attribute" | "value";
  insert: string;
  hint: string | null;
  traceCount: number | null;
  sampledOf: number | null;
};

/** What could stand at a place of the line, as seen in traces; prefix matches first. */
export function useCompletions(place: CompletionPlace | undefined, service: string | undefined, isEnabled: boolean) {
  const { key, prefix = "" } = place ?? {};
  return useQuery({
    queryKey: traceKeys.completions({ key, prefix, service }),
    queryFn: async ({ signal }): Promise<Completion[]> => {
      const params = new URLSearchParams({ prefix: prefix.slice(0, 500), limit: String(MOST_SHOWN) });
      if (key !== undefined) params.set("key", key);
      if (service !== undefined && key !== "service") params.set("service", service);
      const reply = await apiFetch(`/api/traces/completions?${params}`, { schema: completionsReplySchema, signal });
      return reply.items;
    },
    enabled: isEnabled && place !== undefined && key !== "",
    staleTime: 30 * MS_PER_SECOND,
    placeholderData: keepPreviousData,
  });
}
