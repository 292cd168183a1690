import { describe, expect, it } from "vitest";
import { toOtlpRequest } from "./otlp";
import { sampleHour } from "./sample-hour";

const END_US = 1_795_348_200_000_000;
const hour = (seed: number, traceCount = 400) => [...sampleHour({ seed, endUnixUs: END_US, traceCount })];

describe("sampleHour", () => {
  it("is the same hour for the same seed, and another for another", () => {
    expect(toOtlpRequest(hour(7, 50))).toEqual(toOtlpRequest(hour(7, 50)));
    expect(hour(7, 50)[0]?.trace.traceId).not.toBe(hour(8, 50)[0]?.trace.traceId);
  });

  it("keeps every child inside its trace's hour, and no span ends before it starts", () => {
    for (const { trace, startUnixUs } of hour(1)) {
      for (const span of trace.spans) {
        expect(span.endUs, `${trace.traceId} ${span.name}`).toBeGreaterThan(span.startUs);
        expect(startUnixUs + span.endUs).toBeLessThan(END_US);
      }
    }
  });

  it("has exactly one root per trace, and every other span's parent is in the trace", () => {
    for (const { trace } of hour(2)) {
      const ids = new Set(trace.spans.map((span) => span.spanId));
      expect(trace.spans.filter((span) => span.parentSpanId === undefined)).toHaveLength(1);
      expect(trace.spans.every((span) => span.parentSpanId === undefined || ids.has(span.parentSpanId))).toBe(true);
    }
  });

  it("holds what the console is there to find: an N+1 after the deploy only, failures, and jobs that waited", () => {
    const traces = hour(3, 1200);
    const repeated = traces.filter(
      ({ trace }) => trace.spans.filter((span) => span.name === "SELECT projects").length > 40,
    );
    expect(repeated.length).toBeGreaterThan(20);
    expect(new Set(repeated.map(({ version }) => version))).toEqual(new Set(["v3.14.2"]));
    const failed = traces.filter(({ trace }) => trace.spans.some((span) => span.error !== undefined));
    expect(failed.length / traces.length).toBeGreaterThan(0.005);
    expect(failed.length / traces.length).toBeLessThan(0.05);
    expect(traces.some(({ trace }) => trace.spans.some((span) => span.linkedSpanId !== undefined))).toBe(true);
  });

  it("marks every resource as sample data", () => {
    const request = toOtlpRequest(hour(4, 30)) as { resourceSpans: { resource: { attributes: { key: string }[] } }[] };
    expect(
      request.resourceSpans.every(({ resource }) => resource.attributes.some(({ key }) => key === "ops.sample")),
    ).toBe(true);
  });
});
