import { beforeAll, describe, expect, it } from "vitest";
import {
  completionsQuerySchema,
  completionsReplySchema,
  redQuerySchema,
  redReplySchema,
  serviceMapQuerySchema,
  serviceMapReplySchema,
} from "@/features/traces/contract";
import { completeQuery } from "@/features/traces/server/facts/complete-query";
import { findDeploys, saveDeploy } from "@/features/traces/server/facts/deploy-repository";
import { FactTable } from "@/features/traces/server/facts/fact-table";
import { getRed } from "@/features/traces/server/facts/get-red";
import { getServiceMap } from "@/features/traces/server/facts/get-service-map";
import { deleteSearch, findSearches, saveSearch } from "@/features/traces/server/facts/saved-search-repository";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { pool } from "@/server/db/client";
import { factTableStage } from "@/tests/support/fact-table-stage";
import { listenOnLoopback } from "@/tests/support/replay-jaeger";
import type { SentTrace } from "@/tests/support/send-facts-load";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-11-20T10:00:00Z");
const window = { start: START_MS, end: START_MS + HOUR_MS };
/** Two operations; the second hour runs v2, in which "GET /slow" takes three times as long. */
const PER_HOUR = 240;

let table: FactTable;
const { makeTable, send } = factTableStage();

function tracesOf(hourMs: number, version: string, factor: number): SentTrace[] {
  return Array.from({ length: PER_HOUR }, (_, at) => ({
    service: "web",
    operation: at % 2 === 0 ? "GET /slow" : "GET /fast",
    startUs: (hourMs + (at * HOUR_MS) / PER_HOUR) * 1000,
    durationUs: at % 2 === 0 ? 100_000 * factor + at : 10_000 + at,
    isFailed: at % 24 === 0,
    version,
    attributes: { "http.route": at % 2 === 0 ? "/slow" : "/fast path" },
    call: { service: "billing", name: "charge", offsetUs: 100, durationUs: 5000, isFailed: at % 24 === 0 },
  }));
}

beforeAll(async () => {
  await send("before", tracesOf(START_MS - HOUR_MS, "v1", 1));
  await send("after", tracesOf(START_MS, "v2", 3));
  table = makeTable();
  const both = { fromUs: (START_MS - HOUR_MS) * 1000, toUs: (START_MS + HOUR_MS) * 1000 };
  await table.filler.fill(both, { waitMs: 30_000 });
  await table.sampler.sample(both, { waitMs: 30_000 });
});

const red = async (service: string, input: Record<string, unknown> = {}) =>
  redReplySchema.parse(await getRed(table, service, redQuerySchema.parse({ ...window, ...input })));

describe("rate, errors and durations of a service", () => {
  it("come from the traces where Jaeger has no metrics, and say so", async () => {
    const reply = await red("web");
    expect(reply).toMatchObject({ origin: "facts", basis: "requests", operationCount: 2 });
    expect(reply.totals).toMatchObject({ count: PER_HOUR, errorCount: PER_HOUR / 24, perSecond: PER_HOUR / 3600 });
    expect(reply.series.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(PER_HOUR);
    expect(reply.operations[0]).toMatchObject({ operation: "GET /slow" });
    expect(reply.operations[0]?.timeShare).toBeGreaterThan(0.9);
    expect(reply.operations[0]?.p95Us).toHaveLength(reply.series.length);
  });

  it("compare with the window before, operation by operation, on one scale", async () => {
    const { against, operations } = await red("web");
    expect(against?.kind).toBe("previous");
    expect(against?.before.totals.count).toBe(PER_HOUR);
    const [slow, fast] = operations;
    expect(slow?.change?.p95Ratio).toBeGreaterThan(2.9);
    expect(fast?.change?.p95Ratio).toBeCloseTo(1, 1);
    expect(slow?.change?.isEnough).toBe(true);
    expect(slow?.histogram.map(({ fromUs }) => fromUs)).toEqual(slow?.histogramBefore.map(({ fromUs }) => fromUs));
  });

  it("compare with what was before the deploy that was reported", async () => {
    const atUs = START_MS * 1000 + 600_000_000;
    await saveDeploy({ service: "web", version: "v2", atUs, actor: "tester" });
    const { against, deploys, operations } = await red("web", { against: "deploy" });
    expect(against).toMatchObject({
      kind: "deploy",
      deploy: { version: "v2", origin: "reported", previousVersion: "v1" },
    });
    expect(against?.now.startUs).toBe(atUs);
    expect(against?.before.endUs).toBe(atUs);
    expect(deploys.map(({ version }) => version)).toEqual(["v2"]);
    // 50 of the 60 minutes: figures since the deploy are counted, not made of the whole window's.
    expect(operations[0]).toMatchObject({ operation: "GET /slow", totals: { count: 120 }, now: { count: 100 } });
    expect(operations[0]?.now?.quantiles?.p50Us).toBeGreaterThan(operations[0]?.totals.quantiles?.p50Us ?? 0);
  });

  it("compare with the same hours a week ago, and say when there is nothing", async () => {
    const { against } = await red("web", { against: "week" });
    const weekUs = 7 * 24 * HOUR_MS * 1000;
    expect(against).toMatchObject({ kind: "week", deploy: null, before: { totals: { count: 0, quantiles: null } } });
    expect((against?.now.startUs ?? 0) - (against?.before.startUs ?? 0)).toBe(weekUs);
    expect((against?.now.endUs ?? 0) - (against?.before.endUs ?? 0)).toBe(weekUs);
    expect(against?.now.totals.count).toBe(PER_HOUR);
    expect(against?.change.isEnough).toBe(false);
  });

  it("are there for a service that begins no trace, too", async () => {
    const reply = await red("billing");
    expect(reply).toMatchObject({ basis: "requests", sample: null, operations: [{ operation: "charge" }] });
    expect(reply.totals).toMatchObject({ count: PER_HOUR, errorCount: PER_HOUR / 24, perSecond: PER_HOUR / 3600 });
    expect(reply.totals.quantiles?.p50Us).toBe(4980);
    expect(reply.against?.change.p95Ratio).toBe(1);
  });

  it("say why there are none of a name nobody has", async () => {
    const reply = await red("nobody");
    expect(reply).toMatchObject({ basis: "requests", operations: [], totals: { count: 0, quantiles: null } });
    expect(reply.notes.map(({ code }) => code)).toEqual(["no_spans"]);
  });

  it("come from Jaeger's metrics where it has them", async () => {
    const asked: string[] = [];
    const jaeger = await listenOnLoopback((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      asked.push(url.pathname);
      const atMs = Number(url.searchParams.get("endTs"));
      const value = { calls: 4, errors: 0.25, latencies: 1000 * Number(url.searchParams.get("quantile")) };
      const labels = [{ name: "operation", value: "GET /" }];
      const metricPoints = [60_000, 0].map((agoMs) => ({
        gaugeValue: { doubleValue: agoMs === 0 ? value[url.pathname.split("/").at(-1) as keyof typeof value] : "NaN" },
        timestamp: new Date(atMs - agoMs).toISOString(),
      }));
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify(url.pathname.startsWith("/api/metrics") ? { metrics: [{ labels, metricPoints }] } : {}),
      );
    });
    const source = new JaegerSource({ url: jaeger.url });
    const metered = new FactTable({ source, library: new TraceLibrary(source) });
    const reply = redReplySchema.parse(await getRed(metered, "web", redQuerySchema.parse(window)));
    expect(reply).toMatchObject({ origin: "metrics", totals: { perSecond: 4, errorShare: 0.25 } });
    expect(reply.totals.quantiles).toMatchObject({ p50Us: 500_000, p99Us: 990_000 });
    expect(reply.operations).toMatchObject([{ operation: "GET /", change: { p95Ratio: 1 } }]);
    await metered.filler.stop();
    await metered.sampler.stop();
    await source.close();
    await jaeger.close();
  });
});

describe("deploys", () => {
  it("are seen by the version of sampled spans, unless the first version known", async () => {
    await saveDeploy({ service: "web", version: "v9", atUs: (START_MS + 30 * HOUR_MS) * 1000, actor: "tester" });
    await saveDeploy({ service: "web", version: "v9", atUs: (START_MS + 31 * HOUR_MS) * 1000, actor: "tester" });
    const scope = { sourceId: await table.sourceId(), service: "web", fromUs: 0, toUs: Number.MAX_SAFE_INTEGER };
    const deploys = await findDeploys(scope);
    expect(deploys.map(({ version, origin }) => `${version} ${origin}`)).toEqual(["v9 reported", "v2 reported"]);
  });
});

describe("the service map", () => {
  it("joins the counts of Jaeger with errors and durations of sampled traces", async () => {
    const reply = serviceMapReplySchema.parse(await getServiceMap(table, serviceMapQuerySchema.parse(window)));
    const edge = reply.edges.find(({ parent, child }) => parent === "web" && child === "billing");
    expect(edge).toMatchObject({ callCount: PER_HOUR, perSecond: PER_HOUR / 3600, p95Us: 5000, perTrace: 1 });
    expect(edge?.sampledCalls).toBeGreaterThan(5);
    expect(reply.nodes.find(({ service }) => service === "web")).toMatchObject({
      requestCount: PER_HOUR,
      isRemote: false,
    });
    expect(reply.sampledTraces).toBeGreaterThan(5);
  });

  it("makes no rate of counts that Jaeger calls incomplete, and says so", async () => {
    const jaeger = await listenOnLoopback((_request, response) => {
      response.setHeader("content-type", "application/json");
      const data = [{ parent: "web", child: "billing", callCount: 5 }];
      response.end(JSON.stringify({ data, errors: [{ msg: "only the latest 5000 traces were counted" }] }));
    });
    const source = new JaegerSource({ url: jaeger.url });
    const cut = new FactTable({ source, library: new TraceLibrary(source) });
    const reply = serviceMapReplySchema.parse(await getServiceMap(cut, serviceMapQuerySchema.parse(window)));
    expect(reply.edges).toMatchObject([{ parent: "web", child: "billing", callCount: null, perSecond: null }]);
    expect(reply.notes).toContainEqual({
      code: "counted_partly",
      text: expect.stringMatching(
        /^Jaeger at [\d.:]+ counted only a part of the calls: only the latest 5000 traces were counted\.$/,
      ),
    });
    await cut.filler.stop();
    await cut.sampler.stop();
    await source.close();
    await jaeger.close();
  });
});

describe("completions", () => {
  const complete = async (input: Record<string, unknown>) =>
    completionsReplySchema.parse(await completeQuery(table, completionsQuerySchema.parse(input))).items;

  it("offer fields first, then the attribute keys that were seen", async () => {
    expect((await complete({ prefix: "s" }))[0]).toMatchObject({ kind: "field", insert: "service:" });
    expect(await complete({ prefix: "http" })).toMatchObject([{ kind: "attribute", insert: "http.route:" }]);
  });

  it("count traces, not the values and services a trace has: never more than were read", async () => {
    for (const input of [{ prefix: "" }, { prefix: "", service: "web" }, { key: "http.route" }, { key: "release" }]) {
      for (const { traceCount, sampledOf } of await complete({ ...input, limit: 100 })) {
        if (sampledOf !== null) expect(traceCount).toBeLessThanOrEqual(sampledOf);
      }
    }
    const { rows } = await pool().query<{ most: number; read: number }>(
      "select max(trace_count) as most, (select count(*) from facts.sampled_trace) as read from facts.attribute",
    );
    expect(rows[0]?.most).toBeLessThanOrEqual(rows[0]?.read ?? 0);
  });

  it("offer values with how many traces they were seen in, in quotes where needed", async () => {
    const routes = await complete({ key: "http.route", prefix: "/fast" });
    expect(routes).toMatchObject([{ value: "/fast path", insert: 'http.route:"/fast path"' }]);
    expect(routes[0]?.traceCount).toBeGreaterThan(0);
    // Counted in the traces that were read whole, and said to be; names of operations are counted in all.
    expect(routes[0]?.sampledOf).toBeGreaterThanOrEqual(routes[0]?.traceCount ?? 0);
    expect(await complete({ key: "service", prefix: "bil" })).toMatchObject([{ insert: "service:billing" }]);
    expect(await complete({ key: "operation", service: "web" })).toContainEqual(
      expect.objectContaining({ insert: 'operation:"GET /slow"', traceCount: 2 * (PER_HOUR / 2), sampledOf: null }),
    );
    expect((await complete({ key: "release" })).map(({ insert }) => insert).sort()).toEqual([
      "release:v1",
      "release:v2",
    ]);
    expect(await complete({ key: "status", prefix: "e" })).toMatchObject([{ insert: "status:error" }]);
  });
});

describe("saved searches", () => {
  it("are kept by name, overwritten by the same name, and deleted once", async () => {
    const first = await saveSearch({ name: "Slow users", line: "dur>1s", params: "range=6h" }, "tester");
    const second = await saveSearch({ name: "Slow users", line: "dur>2s", params: "" }, "other");
    expect(second.id).toBe(first.id);
    expect(await findSearches()).toMatchObject([{ name: "Slow users", line: "dur>2s", createdBy: "other" }]);
    expect(await deleteSearch({ id: first.id, actor: "tester" })).toBe(true);
    expect(await deleteSearch({ id: first.id, actor: "tester" })).toBe(false);
    expect(await findSearches()).toEqual([]);
  });
});
