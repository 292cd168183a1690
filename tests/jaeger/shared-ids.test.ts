import { expect, it } from "vitest";
import { decodeSpan } from "@/features/collector/domain/decode-span";
import { encodeTraces } from "@/features/collector/domain/encode-traces";
import type { SpanJson } from "@/features/collector/domain/otlp-json";
import { groupTrace } from "@/features/collector/domain/trace-groups";
import { startRealJaeger } from "./real-jaeger";

const TRACE = "00000000000000000000000000005eed";
/** Service, span id, parent, kind (2 server, 3 client), name: two calls whose sides share an id, one of them twice. */
const SPANS = [
  ["web", "a", undefined, 2, "root"],
  ["web", "b", "a", 3, "client b"],
  ["api", "b", "a", 2, "server b"],
  ["api", "1", "b", 1, "below b"],
  ["api", "c", "1", 3, "client c"],
  ["db", "c", "1", 2, "server c"],
  ["db", "c", "1", 2, "server c again"],
  ["db", "d", "c", 1, "below c"],
] as const;

const id = (text: string) => text.padStart(16, "0");

const request = {
  resourceSpans: ["web", "api", "db"].map((service) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: SPANS.filter(([owner]) => owner === service).map(([, spanId, parent, kind, name]) => ({
          traceId: TRACE,
          spanId: id(spanId),
          ...(parent === undefined ? {} : { parentSpanId: id(parent) }),
          kind,
          name,
          startTimeUnixNano: `${Date.now()}000000`,
          endTimeUnixNano: `${Date.now() + 5}000000`,
        })),
      },
    ],
  })),
};

const idsOf = (spans: SpanJson[]) =>
  Object.fromEntries(spans.map(({ name, spanId, parentSpanId }) => [name, { spanId, parentSpanId }]));

it("separates ids that clients and servers share as a real Jaeger does", async () => {
  const jaeger = await startRealJaeger();
  try {
    const headers = { "content-type": "application/json" };
    await fetch(`${jaeger.otlpUrl}/v1/traces`, { method: "POST", headers, body: JSON.stringify(request) });
    const answer = (await (await fetch(`${jaeger.queryUrl}/api/v3/traces/${TRACE}`)).json()) as {
      result: { resourceSpans: { scopeSpans: { spans: SpanJson[] }[] }[] };
    };
    const theirs = answer.result.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    const groups = groupTrace([encodeTraces(request)]);
    const ours = groups.flatMap(({ scopes }) => scopes.flatMap(({ spans }) => spans.map(decodeSpan)));
    expect(theirs).toHaveLength(SPANS.length);
    expect(idsOf(ours)).toEqual(idsOf(theirs));
  } finally {
    await jaeger.stop();
  }
});
