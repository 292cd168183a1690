import { createHash } from "node:crypto";

/** A trace to send: one root span, and calls below it that may outlast it. */
export type SentTrace = {
  service: string;
  operation: string;
  startUs: number;
  durationUs: number;
  isFailed?: boolean;
  version?: string;
  /** A call to another service, which sends its own span of it. */
  call?: {
    service: string;
    name: string;
    offsetUs: number;
    durationUs: number;
    isFailed?: boolean;
    /** By how much the clock of the called service is ahead. */
    clockAheadUs?: number;
  };
  attributes?: Record<string, string>;
  /** Without a long span: the root ends after 1 ms, a second short span makes the trace as long as it is. */
  isBroken?: boolean;
};

const hex = (seed: string, length: number) => createHash("sha256").update(seed).digest("hex").slice(0, length);

/** The id of the trace sent as number `at` of a load named `seed`. */
export const sentTraceId = (seed: string, at: number) => hex(`${seed} ${at}`, 32);

/** Sends traces as OTLP/JSON, 200 per request and service; rejects unless each request is taken. */
export async function sendTraces(otlpPort: number, seed: string, traces: readonly SentTrace[]): Promise<void> {
  for (let from = 0; from < traces.length; from += 200) {
    const spans = traces.slice(from, from + 200).flatMap((trace, at) => spansOf(sentTraceId(seed, from + at), trace));
    const groups = new Map<string, { service: string; version: string | undefined; spans: object[] }>();
    for (const { service, version, span } of spans) {
      const key = `${service} ${version}`;
      const group = groups.get(key) ?? { service, version, spans: [] };
      group.spans.push(span);
      groups.set(key, group);
    }
    const resourceSpans = [...groups.values()].map((group) => ({
      resource: {
        attributes: toAttributes({
          "service.name": group.service,
          ...(group.version === undefined ? {} : { "service.version": group.version }),
        }),
      },
      scopeSpans: [{ spans: group.spans }],
    }));
    const response = await fetch(`http://127.0.0.1:${otlpPort}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans }),
    });
    if (response.status !== 200) throw new Error(`the collector answered ${response.status}`);
  }
}

function spansOf(traceId: string, trace: SentTrace) {
  const { service, version, operation, startUs, durationUs, isFailed = false, call } = trace;
  const span = (name: string, kind: number, fromUs: number, lengthUs: number, parent?: string, failed = false) => ({
    traceId,
    spanId: hex(`${traceId} ${name} ${kind}`, 16),
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name,
    kind,
    startTimeUnixNano: `${fromUs}000`,
    endTimeUnixNano: `${fromUs + lengthUs}000`,
    attributes: toAttributes(parent === undefined ? (trace.attributes ?? {}) : {}),
    status: failed ? { code: 2 } : {},
  });
  const root = span(operation, 2, startUs, trace.isBroken ? 1000 : durationUs, undefined, isFailed);
  const sent = [{ service, version, span: root as object }];
  if (trace.isBroken) {
    sent.push({ service, version, span: span("later", 1, startUs + durationUs - 1000, 1000, root.spanId) });
  }
  if (call !== undefined) {
    const fromUs = startUs + call.offsetUs;
    const client = span(call.name, 3, fromUs, call.durationUs, root.spanId, call.isFailed);
    const server = span(
      call.name,
      2,
      fromUs + 10 + (call.clockAheadUs ?? 0),
      Math.max(0, call.durationUs - 20),
      client.spanId,
      call.isFailed,
    );
    sent.push({ service, version, span: client }, { service: call.service, version: undefined, span: server });
  }
  return sent;
}

function toAttributes(pairs: Record<string, string>) {
  return Object.entries(pairs).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
