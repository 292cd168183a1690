import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceSearchSchema } from "@/features/traces/contract";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { searchSource } from "@/features/traces/server/search-traces";
import { type LoopbackServer, RECORDED_TRACE_ID, RECORDED_VERSIONS, replayJaeger } from "../../support/replay-jaeger";
import { describeTraceSource } from "../../support/trace-source-contract";

const WINDOW = { start: Date.parse("2026-11-22T09:50:00Z"), end: Date.parse("2026-11-22T12:51:06Z") };

for (const version of RECORDED_VERSIONS) {
  describeTraceSource(`the recorded Jaeger ${version}`, async () => ({
    ...(await replayJaeger(version)),
    ...WINDOW,
    kind: version.startsWith("v1") ? ("legacy" as const) : ("v3" as const),
    service: "circuitverse-web",
    operation: "ProjectsController#show",
    traceId: RECORDED_TRACE_ID,
    spanCount: 300,
  }));
}

describe("a Jaeger under a base path", () => {
  let server: LoopbackServer;
  let source: JaegerSource;
  beforeAll(async () => {
    server = await replayJaeger(RECORDED_VERSIONS.at(-1) ?? "", { basePath: "/jaeger" });
    source = new JaegerSource({ url: `${server.url}/jaeger/` });
  });
  afterAll(async () => {
    await source.close();
    await server.close();
  });

  it("is read below that path", async () => {
    expect(await source.listServices()).toContain("circuitverse-web");
  });

  it("finds only what has the attribute", async () => {
    const search = traceSearchSchema.parse({ ...WINDOW, service: "circuitverse-web", attributes: '{"error":"true"}' });
    const reply = await searchSource(source, search, { nowMs: WINDOW.end });
    expect(reply.summaries.every(({ errorSpanCount }) => errorSpanCount > 0)).toBe(true);
    expect(reply.truncated).toBe(false);
  });
});
