import { describe, expect, it } from "vitest";
import { decodeSkeleton, encodeSkeleton } from "@/features/traces/domain/skeleton-wire";
import { SPAN_CATEGORIES } from "@/features/traces/domain/span-category";
import { toOpenTrace } from "../open-trace";
import { decodeTraces } from "./decode-traces";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

const CASES: [category: (typeof SPAN_CATEGORIES)[number], attributes: Record<string, string>][] = [
  ["other", {}],
  ["other", { "code.function": "render", "peer.service": "x", dbx: "1", "url.path": "/" }],
  ["database", { "db.system": "postgresql", "db.statement": "SELECT 1" }],
  ["database", { "db.query.text": "SELECT 1", "db.system.name": "mysql" }],
  ["database", { "http.url": "http://es:9200/_search", "db.system": "elasticsearch" }],
  ["cache", { "peer.service": "cache", "net.peer.name": "redis", "db.system": "redis", "db.statement": "GET ?" }],
  ["cache", { "db.system.name": "memcached" }],
  ["http", { "http.method": "GET", "http.url": "http://a/b" }],
  ["http", { "url.full": "http://a/b" }],
  ["rpc", { "rpc.system": "grpc", "rpc.service": "shop.Carts", "rpc.method": "Get" }],
  ["storage", { "rpc.system": "aws-api", "rpc.service": "S3", "http.method": "PUT" }],
  ["storage", { "rpc.system": "aws-api", "aws.s3.bucket": "images" }],
  ["messaging", { "messaging.system": "aws_sqs", "rpc.system": "aws-api", "rpc.service": "SQS" }],
];

const otlp = (attributes: Record<string, string>) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: TRACE_ID,
              spanId: "00f067aa0ba902b7",
              name: "x",
              startTimeUnixNano: "1000",
              endTimeUnixNano: "2000",
              attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
            },
          ],
        },
      ],
    },
  ],
});

const jaeger = (attributes: Record<string, string>) => ({
  data: [
    {
      traceID: TRACE_ID,
      spans: [
        {
          traceID: TRACE_ID,
          spanID: "00f067aa0ba902b7",
          operationName: "x",
          startTime: 1,
          duration: 1,
          processID: "p1",
          tags: Object.entries(attributes).map(([key, value]) => ({ key, type: "string", value })),
        },
      ],
      processes: { p1: { serviceName: "web" } },
    },
  ],
});

describe.each([
  ["OTLP", otlp],
  ["Jaeger", jaeger],
])("the category of a span in %s", (_, toDocument) => {
  it.each(CASES)("is %s for %j", async (category, attributes) => {
    for (const pairs of [Object.entries(attributes), Object.entries(attributes).reverse()]) {
      const bytes = Buffer.from(JSON.stringify(toDocument(Object.fromEntries(pairs))));
      const { skeleton } = toOpenTrace(await decodeTraces(bytes), TRACE_ID, 0);
      expect(SPAN_CATEGORIES[skeleton.category[0] ?? 0]).toBe(category);
      expect(decodeSkeleton(encodeSkeleton(skeleton, { maxIds: 10 })).category).toEqual(skeleton.category);
    }
  });
});
