import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeCollectorPool, startCollector } from "@/features/collector/server";
import { type FindingsReply, findingsReplySchema } from "@/features/traces/contract";
import { closeDatabase } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { CONVENTIONS, recordFault, recordHealthy, TRACED_APPS } from "../../support/labelled-traces";
import { FAULTS } from "../../support/trace-faults";
import { type TraceRecorder, toOtlpRequest } from "../../support/trace-recorder";

const HEALTHY_PER_SITUATION = 100;
const START_MS = Date.now() - 3_600_000;
const YEAR_US = 365 * 24 * 3600 * 1e6;
const SITUATIONS = TRACED_APPS.flatMap((app) => CONVENTIONS.map((conventions) => ({ app, conventions })));

let database: TestDatabase;
let collector: Awaited<ReturnType<typeof startCollector>>;
let findingsOf: (traceId: string) => Promise<FindingsReply>;

async function send(recorders: readonly TraceRecorder[]): Promise<void> {
  const requests = recorders.map((recorder, at) => toOtlpRequest(recorder, START_MS + at * 1000)) as {
    resourceSpans: object[];
  }[];
  const response = await fetch(`http://127.0.0.1:${collector.otlpPort}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: requests.flatMap(({ resourceSpans }) => resourceSpans) }),
  });
  expect(response.status).toBe(200);
}

const healthy = SITUATIONS.flatMap((how, place) =>
  Array.from({ length: HEALTHY_PER_SITUATION }, (_, at) => recordHealthy({ ...how, seed: 50_000 + place * 1000 + at })),
);
// Every fault in one situation each, so that the store holds them beside the 600 healthy traces.
const faulty = FAULTS.map((fault, at) => {
  const how = SITUATIONS[at % SITUATIONS.length] as (typeof SITUATIONS)[number];
  return recordFault(fault, { ...how, seed: 900 + at });
});

beforeAll(async () => {
  database = await createTestDatabase();
  collector = await startCollector({ host: "127.0.0.1", otlpPort: 0, jaegerApiPort: 0 });
  process.env.JAEGER_URL = `http://127.0.0.1:${collector.jaegerApiPort}`;
  for (let at = 0; at < healthy.length; at += 100) await send(healthy.slice(at, at + 100));
  await send(faulty.map(({ recorder }) => recorder));
  const route = await import("@/app/api/traces/[traceId]/findings/route");
  findingsOf = async (traceId) => {
    const request = new Request(`http://127.0.0.1:3000/api/traces/${traceId}/findings`, {
      headers: { host: "127.0.0.1:3000" },
    });
    const response = await route.GET(request, { params: Promise.resolve({ traceId }) });
    expect(response.status).toBe(200);
    return findingsReplySchema.parse(await response.json());
  };
});
afterAll(async () => {
  await collector.stop();
  await closeCollectorPool();
  await closeDatabase();
  await database.drop();
});

describe("GET /api/traces/{id}/findings", () => {
  it("names the injected fault of traces that came over OTLP, beside 600 healthy ones", async () => {
    const wrong: string[] = [];
    for (const { recorder, label, variant } of faulty) {
      const { findings, verdict, evidence } = await findingsOf(recorder.traceId);
      const [top] = findings;
      const isRight = top?.kind === label.kind && top.service === label.service && top.operation === label.operation;
      if (!isRight)
        wrong.push(`${label.kind} (${variant}): ${findings.map(({ kind, operation }) => `${kind} ${operation}`)}`);
      expect(verdict.clauses.reduce((sum, { timeUs }) => sum + timeUs, 0)).toBe(verdict.durationUs);
      expect(evidence.rows.map(({ length }) => length)).toEqual(findings.map(({ spanIds }) => spanIds.length));
    }
    expect(wrong).toEqual([]);
  });

  it("knows what is usual of a request although the clock of a service below it is a year behind", async () => {
    const how = SITUATIONS.find(({ app }) => app.name === "go") as (typeof SITUATIONS)[number];
    const fault = FAULTS.find(({ kind, variant }) => kind === "unaccounted-time" && variant === "in the handler");
    const { recorder } = recordFault(fault as (typeof FAULTS)[number], { ...how, seed: 31_001 });
    const others = recorder.spans.filter(({ service }) => service !== recorder.spans[0]?.service);
    for (const span of others) {
      span.startUs -= YEAR_US;
      span.endUs -= YEAR_US;
    }
    await send([recorder]);
    const { findings } = await findingsOf(recorder.traceId);
    expect(others.length).toBeGreaterThan(0);
    expect(findings[0]?.usual?.count).toBeGreaterThan(50);
  });

  it("says what is usual where it knows, and stays quiet about healthy traces", async () => {
    const quiet = healthy.filter((_, at) => at % 25 === 0);
    for (const { traceId } of quiet) {
      const { findings } = await findingsOf(traceId);
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    }
    const unaccounted = faulty.find(
      ({ label, variant }) => label.kind === "unaccounted-time" && variant === "in the handler",
    );
    const { findings } = await findingsOf(unaccounted?.recorder.traceId ?? "");
    expect(findings[0]?.usual?.count).toBeGreaterThan(50);
  });
});
