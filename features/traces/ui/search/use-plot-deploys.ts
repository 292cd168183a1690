"use client";

import { useQuery } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import type { TimeWindow } from "@/lib/time-range";
import { MS_PER_MINUTE } from "@/lib/units";
import { deploysReplySchema } from "../../contract";
import { type PlotDeploy, pickDeploys } from "../../domain/search-view/plot-deploys";
import { traceKeys } from "../../queries";

const NONE: readonly PlotDeploy[] = [];

/** Versions that began in the window; none where nobody knows. */
export function usePlotDeploys(window: TimeWindow, service: string | undefined): readonly PlotDeploy[] {
  // By the minute, so that a window that moves with the clock is not another question every second.
  const minute = (ms: number) => Math.floor(ms / MS_PER_MINUTE);
  const query = useQuery({
    queryKey: traceKeys.plotDeploys({ service, fromMinute: minute(window.fromMs), toMinute: minute(window.toMs) }),
    queryFn: async ({ signal }) => {
      const params = new URLSearchParams({
        start: String(Math.floor(window.fromMs)),
        end: String(Math.ceil(window.toMs)),
        ...(service === undefined ? {} : { service }),
      });
      const { deploys } = await apiFetch(`/api/deploys?${params}`, { schema: deploysReplySchema, signal });
      return pickDeploys(deploys, window);
    },
    staleTime: MS_PER_MINUTE,
    retry: false,
  });
  return query.data ?? NONE;
}
