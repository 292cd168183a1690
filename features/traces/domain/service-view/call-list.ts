import { formatCount } from "@/lib/format";
import type { ServiceMapReply } from "../facts/service-map-schema";

type Edge = ServiceMapReply["edges"][number];
export type ServiceCalls = { callers: Edge[]; called: Edge[] };

/** Of fewer traces no share, percentile or mean is told: one odd trace would be all of it. */
export const ENOUGH_TO_TELL = 20;

/** Whether so many of a service's traces were read that figures of its calls mean something; all of them always do. */
export function isEnoughToTell({ nodes }: Pick<ServiceMapReply, "nodes">, service: string): boolean {
  const { sampledCount = 0, traceCount = 0 } = nodes.find((node) => node.service === service) ?? {};
  return sampledCount >= Math.min(ENOUGH_TO_TELL, traceCount);
}

/** Who calls a service, and whom it calls, the most calls first. */
export function callsOf({ edges }: Pick<ServiceMapReply, "edges">, service: string): ServiceCalls {
  return {
    callers: edges.filter(({ child }) => child === service),
    called: edges.filter(({ parent }) => parent === service),
  };
}

/** What is said of the calls of a service rests on these of its traces. */
export function callBasis({ nodes }: Pick<ServiceMapReply, "nodes">, service: string): string {
  const { sampledCount = 0, traceCount = 0 } = nodes.find((node) => node.service === service) ?? {};
  if (traceCount === 0) return "";
  const few = isEnoughToTell({ nodes }, service) ? "" : ", too few for figures yet";
  return `from ${formatCount(sampledCount)} of its ${formatCount(traceCount)} traces${few}`;
}

/** What to say where no call of a service is known: that it makes none is only known of traces that were read. */
export function noCallsText({ nodes }: Pick<ServiceMapReply, "nodes">, service: string): string {
  const { sampledCount = 0, traceCount = 0 } = nodes.find((node) => node.service === service) ?? {};
  if (traceCount === 0) return "No trace of it is known in this window, so its calls are not known either.";
  if (sampledCount === 0) return "None of its traces has been read yet, so its calls are not known.";
  return `It calls nothing and nobody calls it in the ${formatCount(sampledCount)} of its ${formatCount(traceCount)} traces that were read.`;
}
