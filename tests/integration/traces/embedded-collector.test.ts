import path from "node:path";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { createTestDatabase } from "@/tests/support/database";
import { RECORDED_TRACE_ID, RECORDED_VERSIONS } from "@/tests/support/replay-jaeger";
import { describeTraceSource } from "@/tests/support/trace-source-contract";
import { recordedInput } from "../collector/recorded-input";

const RECORDED = path.join(import.meta.dirname, "../../fixtures/jaeger", RECORDED_VERSIONS.at(-1) ?? "");

describeTraceSource("the embedded collector", async () => {
  const database = await createTestDatabase();
  const collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  for (const request of recordedInput(RECORDED)) {
    await fetch(`http://127.0.0.1:${collector.otlpPort}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
  }
  return {
    url: `http://127.0.0.1:${collector.jaegerApiPort}`,
    kind: "v3",
    service: "circuitverse-web",
    operation: "ProjectsController#show",
    traceId: RECORDED_TRACE_ID,
    spanCount: 300,
    start: Date.parse("2026-11-22T09:50:00Z"),
    end: Date.parse("2026-11-22T12:51:06Z"),
    close: async () => {
      await collector.stop();
      await closeCollectorPool();
      await database.drop();
    },
  };
});
