import type { TraceSummary } from "../trace-summary";
import type { PointsReply } from "./points-schema";

/** One trace as the plot knows it. */
export type PlotPoint = {
  traceId: string;
  startMs: number;
  durationUs: number;
  errorCount: number;
  service: string;
  operation: string;
};

/** How long an operation usually takes, in the window looked at. */
export type UsualTime = { count: number; p50Us: number; p95Us: number };

/** The points of an answer. */
export function toPlotPoints(reply: PointsReply): PlotPoint[] {
  const ids = decodeIds(reply.ids);
  return reply.durationsUs.map((durationUs, at) => {
    const operation = reply.operations[reply.operationOf[at] ?? -1];
    return {
      traceId: ids[at] ?? "",
      startMs: (reply.originUs + (reply.startOffsetsUs[at] ?? 0)) / 1000,
      durationUs,
      errorCount: reply.errorCounts[at] ?? 0,
      service: operation?.service ?? "",
      operation: operation?.name ?? "",
    };
  });
}

/** Points out of summaries, where those are all there is. */
export function pointsOfSummaries(summaries: readonly TraceSummary[]): PlotPoint[] {
  return summaries.map(({ traceId, startUs, durationUs, errorSpanCount, rootService, rootOperation }) => ({
    traceId,
    startMs: startUs / 1000,
    durationUs,
    errorCount: errorSpanCount,
    service: rootService,
    operation: rootOperation,
  }));
}

/** The key of a root operation in {@link toUsualTimes}. */
export const operationKey = (service: string, operation: string): string => `${service}\n${operation}`;

/** Usual times by root operation. */
export function toUsualTimes(reply: Pick<PointsReply, "operations">): Map<string, UsualTime> {
  return new Map(reply.operations.map(({ service, name, ...usual }) => [operationKey(service, name), usual] as const));
}

function decodeIds(base64: string): string[] {
  const bytes = atob(base64);
  const ids: string[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    let id = "";
    for (let byte = at; byte < at + 16; byte += 1) id += bytes.charCodeAt(byte).toString(16).padStart(2, "0");
    ids.push(id);
  }
  return ids;
}
