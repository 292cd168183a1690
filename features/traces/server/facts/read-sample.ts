import type { Attribute } from "@/features/traces/contract";
import { requestsOf } from "@/features/traces/domain/facts/requests-of-trace";
import { type ServiceCalls, serviceCallsOf } from "@/features/traces/domain/facts/service-calls";
import { lengthOf } from "@/features/traces/domain/length-of-trace";
import type { RequestSpan } from "@/lib/request-spans";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";

export type SeenAttribute = { service: string; key: string; value: string };
export type TraceSample = {
  traceId: string;
  startUs: number;
  /** Of the root span; undefined without one. */
  requestUs: number | undefined;
  isRootFailed: boolean;
  /** Every request but the root. */
  requests: readonly RequestSpan[];
  calls: ServiceCalls[];
  attributes: SeenAttribute[];
  versions: { service: string; version: string }[];
};

/** Spans of a trace that are read for their attributes: the root and others evenly. */
const MAX_SPANS = 40;
const MAX_ATTRIBUTES = 300;
const MAX_TEXT = 200;
const PLAIN = new Set<Attribute["type"]>(["string", "int", "double", "bool"]);
/** Different in every span or process: nobody searches by them, and they would crowd out what is searched. */
const UNIQUE = /(?:^|\.)(?:id|uuid|trace_id|span_id|pid|thread\.id|stacktrace|instance\.id)$|^process\.(?:command|pid)/;

/** What one whole trace tells about the services in it. */
export function readSample(trace: OpenTrace): TraceSample {
  const { skeleton } = trace;
  const attributes = new Map<string, SeenAttribute>();
  const versions = new Map<string, { service: string; version: string }>();
  const step = Math.max(1, Math.ceil(skeleton.spanCount / MAX_SPANS));
  for (let row = 0; row < skeleton.spanCount; row += step) {
    const { service, attributes: own, resource } = readSpan(trace, row);
    for (const { key, type, value } of [...own, ...resource]) {
      const text = String(value);
      if (key === "service.version" && text !== "")
        versions.set(service, { service, version: text.slice(0, MAX_TEXT) });
      const isUseful = PLAIN.has(type) && key.length <= MAX_TEXT && text.length <= MAX_TEXT && !UNIQUE.test(key);
      if (isUseful && key !== "service.name" && attributes.size < MAX_ATTRIBUTES) {
        attributes.set(JSON.stringify([service, key, text]), { service, key, value: text });
      }
    }
  }
  return {
    traceId: trace.ownTraceId,
    startUs: skeleton.startUs,
    requestUs: lengthOf(skeleton).requestUs,
    ...requestsOf(skeleton),
    calls: serviceCallsOf(skeleton),
    attributes: [...attributes.values()],
    versions: [...versions.values()],
  };
}
