import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace-base";
import { describe, expect, it } from "vitest";
import { PollSampler } from "./poll-sampler";

function samplerAt() {
  const clock = { nowMs: 0 };
  const sampler = new PollSampler(() => clock.nowMs);
  const keeps = (target: string, method = "GET") =>
    sampler.shouldSample(ROOT_CONTEXT, "", "", SpanKind.SERVER, { "http.target": target, "http.method": method })
      .decision === SamplingDecision.RECORD_AND_SAMPLED;
  return { clock, sampler, keeps };
}

describe("PollSampler", () => {
  it.each([
    "/api/processes",
    "/api/runs?limit=20",
    "/api/s3-migrations",
    "/api/s3-migrations/42/failures",
    "/api/traces?start=1&end=2&limit=500",
  ])("records one of many %s in five minutes", (target) => {
    const { clock, keeps } = samplerAt();
    expect([keeps(target), keeps(target), keeps(target)]).toEqual([true, false, false]);
    clock.nowMs = 5 * 60_000;
    expect(keeps(target)).toBe(true);
  });

  it.each([
    ["/api/health", "GET"],
    ["/api/runs/1/events", "GET"],
  ])("never records %s, which measures nothing", (target, method) => {
    expect(samplerAt().keeps(target, method)).toBe(false);
  });

  it.each([
    ["/", "GET"],
    ["/traces/0123", "GET"],
    ["/api/traces/0123", "GET"],
    ["/api/traces?service=web&start=1&end=2&limit=20", "GET"],
    ["/api/runs/1/events", "POST"],
    ["/api/s3-migrations", "POST"],
  ])("always records %s %s, which somebody asked for", (target, method) => {
    const { keeps } = samplerAt();
    expect([keeps(target, method), keeps(target, method)]).toEqual([true, true]);
  });

  it("does with a child what was done with its parent", () => {
    const { sampler } = samplerAt();
    for (const traceFlags of [TraceFlags.NONE, TraceFlags.SAMPLED]) {
      const parent = trace.setSpanContext(ROOT_CONTEXT, {
        traceId: "a".repeat(32),
        spanId: "b".repeat(16),
        traceFlags,
      });
      const { decision } = sampler.shouldSample(parent, "", "", SpanKind.INTERNAL, {});
      expect(decision === SamplingDecision.RECORD_AND_SAMPLED).toBe(traceFlags === TraceFlags.SAMPLED);
    }
  });
});
