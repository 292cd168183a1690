import { expect, it } from "vitest";
import { adjustSpan } from "./adjust-span";
import type { SpanJson } from "./otlp-json";

const SPAN: SpanJson = {
  traceId: "0123456789abcdef0123456789abcdef",
  spanId: "0123456789abcdef",
  name: "op",
  kind: 1,
  startTimeUnixNano: "1795424018000000000",
  endTimeUnixNano: "1795424018001000000",
  status: {},
};

it("ends a span that ends before it starts one nanosecond after its start, and says so as Jaeger does", () => {
  const adjusted = adjustSpan({ ...SPAN, endTimeUnixNano: "1795424017995000000" });
  expect(adjusted).toEqual({
    ...SPAN,
    endTimeUnixNano: "1795424018000000001",
    attributes: [
      {
        key: "@jaeger@warnings",
        value: {
          arrayValue: {
            values: [
              {
                stringValue:
                  "Negative duration detected, sanitizing end timestamp. Original end timestamp: 2026-11-23 08:53:37.995 +0000 UTC, adjusted to: 2026-11-23 08:53:38.000000001 +0000 UTC",
              },
            ],
          },
        },
      },
    ],
  });
  expect(Object.keys(adjusted)).toEqual([...Object.keys(SPAN).slice(0, -1), "attributes", "status"]);
});

it("leaves a span of no duration as it is", () => {
  const span = { ...SPAN, endTimeUnixNano: "1795424018000000000" };
  expect(adjustSpan(span)).toBe(span);
});

it("keeps the last of equal keys and prints numeric addresses with dots", () => {
  const attributes = [
    { key: "ip", value: { intValue: "16909060" } },
    { key: "k", value: { stringValue: "1" } },
    { key: "k", value: { stringValue: "2" } },
    { key: "peer.ipv4", value: { doubleValue: 16_909_060 } },
  ];
  expect(adjustSpan({ ...SPAN, attributes }).attributes).toEqual([
    { key: "ip", value: { stringValue: "1.2.3.4" } },
    { key: "k", value: { stringValue: "2" } },
    { key: "peer.ipv4", value: { stringValue: "1.2.3.4" } },
  ]);
  const text = [{ key: "ip", value: { stringValue: "::1" } }];
  expect(adjustSpan({ ...SPAN, attributes: text }).attributes).toEqual(text);
});
