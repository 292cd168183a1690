import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type RedReply,
  redQuerySchema,
  redReplySchema,
  serviceMapQuerySchema,
  serviceMapReplySchema,
} from "@/features/traces/contract";
import type { FactTable } from "@/features/traces/server/facts/fact-table";
import { getRed } from "@/features/traces/server/facts/get-red";
import { getServiceMap } from "@/features/traces/server/facts/get-service-map";
import { forgetOlderThan, forgetServices } from "@/features/traces/server/facts/slice-repository";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { pool } from "@/server/db/client";
import { factTableStage } from "@/tests/support/fact-table-stage";

const HOUR_MS = 3_600_000;
const SERVICES = ["gateway", "orders", "inventory", "mailer"] as const;
const OPERATIONS = ["GET /a", "POST /b"] as const;
const [SERVER, CONSUMER] = [2, 5];

type Sent = {
  traceId: string;
  spanId: string;
  parentId: string | undefined;
  service: string;
  name: string;
  kind: number;
  startUs: number;
  durationUs: number;
  isFailed: boolean;
};

const { makeTable, stopTables, collector, forget } = factTableStage();
const hex = (text: string, length: number) => createHash("sha256").update(text).digest("hex").slice(0, length);

async function send(spans: readonly Sent[]): Promise<void> {
  const resourceSpans = SERVICES.map((service) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: spans
          .filter((span) => span.service === service)
          .map((span) => ({
            traceId: span.traceId,
            spanId: span.spanId,
            ...(span.parentId === undefined ? {} : { parentSpanId: span.parentId }),
            name: span.name,
            kind: span.kind,
            startTimeUnixNano: `${span.startUs}000`,
            endTimeUnixNano: `${span.startUs + span.durationUs}000`,
            status: span.isFailed ? { code: 2 } : {},
          })),
      },
    ],
  })).filter(({ scopeSpans }) => scopeSpans[0]?.spans.length !== 0);
  const response = await fetch(`http://127.0.0.1:${collector().otlpPort}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  expect(response.status).toBe(200);
}

const window = (startMs: number) => ({ start: startMs, end: startMs + HOUR_MS });
const red = async (table: FactTable, service: string, startMs: number): Promise<RedReply> =>
  redReplySchema.parse(await getRed(table, service, redQuerySchema.parse(window(startMs))));

async function read(table: FactTable, startMs: number): Promise<void> {
  await table.filler.fill({ fromUs: startMs * 1000, toUs: (startMs + HOUR_MS) * 1000 }, { waitMs: 30_000 });
}

/** A trace as random as they come: any tree, kinds, services; times within their trace's minute. */
const tree = fc.array(
  fc.record({
    service: fc.constantFrom(...SERVICES),
    name: fc.constantFrom(...OPERATIONS),
    kind: fc.integer({ min: 0, max: 5 }),
    parent: fc.nat(),
    offsetUs: fc.integer({ min: 0, max: 40_000_000 }),
    durationUs: fc.integer({ min: 0, max: 5_000_000 }),
    isFailed: fc.boolean(),
    isLate: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

let run = 0;
const startOf = (number: number) => Date.parse("2026-11-20T00:00:00Z") - number * 3 * HOUR_MS;

function spansOf(trees: readonly (typeof tree extends fc.Arbitrary<infer T> ? T : never)[], startMs: number) {
  return trees.flatMap((nodes, at) =>
    nodes.map(({ parent, offsetUs, isLate, ...node }, row): Sent & { isLate: boolean } => ({
      ...node,
      traceId: hex(`${run} ${at}`, 32),
      spanId: hex(`${run} ${at} ${row}`, 16),
      parentId: row === 0 ? undefined : hex(`${run} ${at} ${parent % row}`, 16),
      // Nothing starts before its root.
      startUs: (startMs + 60_000 + at * 60_000) * 1000 + (row === 0 ? 0 : offsetUs),
      isLate: isLate && row > 0,
    })),
  );
}

/** What the spans themselves say, counted by hand. */
function expected(spans: readonly Sent[], service: string) {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const requests = spans.filter((span) => {
    const caller = span.parentId === undefined ? undefined : byId.get(span.parentId);
    const isFirst = caller !== undefined && caller.service !== span.service && span.kind <= 1;
    const isEntry = span.kind === SERVER || span.kind === CONSUMER || span.parentId === undefined || isFirst;
    return span.service === service && isEntry;
  });
  const byOperation = OPERATIONS.flatMap((operation) => {
    const own = requests.filter(({ name }) => name === operation);
    if (own.length === 0) return [];
    return [{ operation, count: own.length, errorCount: own.filter(({ isFailed }) => isFailed).length }];
  });
  const durations = requests.map(({ durationUs }) => durationUs).sort((a, b) => a - b);
  return { requests, byOperation, p50Us: durations[Math.ceil(durations.length / 2) - 1] };
}

function expectCounted(reply: RedReply, spans: readonly Sent[]): void {
  const { requests, byOperation, p50Us } = expected(spans, reply.service);
  expect(reply.totals.count).toBe(requests.length);
  expect(reply.totals.errorCount).toBe(requests.filter(({ isFailed }) => isFailed).length);
  expect(reply.totals.quantiles?.p50Us).toBe(p50Us);
  const counted = reply.operations.map(({ operation, totals: { count, errorCount } }) => ({
    operation,
    count,
    errorCount,
  }));
  expect(counted.sort((a, b) => (a.operation < b.operation ? -1 : 1))).toEqual(byOperation);
  const sum = (counts: readonly { count: number | null }[]) => counts.reduce((all, { count }) => all + (count ?? 0), 0);
  expect(sum(reply.series)).toBe(requests.length);
  expect(sum(reply.histogram)).toBe(requests.length);
}

beforeEach(async () => {
  await stopTables();
  await forget();
});

describe("requests of a service", () => {
  it("add up to a count over the spans that came, whatever the trace, each late span counted once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 6 }), async (trees) => {
        run += 1;
        const startMs = startOf(run);
        const spans = spansOf(trees, startMs);
        // A clock that goes on, so that nothing counts as read just now.
        let nowMs = Date.now();
        const table = makeTable({ tellsLateSpans: true, now: () => nowMs });
        await send(spans.filter(({ isLate }) => !isLate));
        await read(table, startMs);
        const late = spans.filter(({ isLate }) => isLate);
        if (late.length > 0) await send(late);
        nowMs += 10_000;
        await read(table, startMs);
        for (const service of SERVICES) expectCounted(await red(table, service, startMs), spans);
        await stopTables();
      }),
      { numRuns: 25, seed: 20_261_123 },
    );
  });
});

describe("a service behind a gateway", () => {
  const startMs = startOf(-3);
  const COUNT = 120;
  /** A quarter of the stock requests fail in themselves; the gateway makes up for it. */
  const spans = Array.from({ length: COUNT }, (_, at): Sent[] => {
    const traceId = hex(`shop ${at}`, 32);
    const startUs = startMs * 1000 + at * 30_000_000;
    const place = (service: string, name: string, kind: number, parent: string | undefined, durationUs: number) => ({
      traceId,
      spanId: hex(`${traceId} ${name} ${kind}`, 16),
      parentId: parent,
      service,
      name,
      kind,
      startUs,
      durationUs,
      isFailed: false,
    });
    const root = place("gateway", "GET /a", SERVER, undefined, 50_000);
    const call = place("gateway", "GET", 3, root.spanId, 40_000 + at);
    const stock = { ...place("inventory", "GET /stock", SERVER, call.spanId, 30_000 + at), isFailed: at % 4 === 0 };
    const job = place("mailer", "mail", CONSUMER, root.spanId, 2_000_000);
    return [root, call, stock, job];
  }).flat();

  beforeAll(async () => {
    await send(spans);
  });

  it("has rate, errors, percentiles, histogram and what changed of its own", async () => {
    const table = makeTable();
    await read(table, startMs - HOUR_MS);
    await read(table, startMs);
    const reply = await red(table, "inventory", startMs);
    expect(reply).toMatchObject({ basis: "requests", sample: null, operationCount: 1 });
    expect(reply.totals).toMatchObject({ count: COUNT, errorCount: COUNT / 4, perSecond: COUNT / 3600 });
    expect(reply.totals.quantiles).toMatchObject({ p50Us: 30_059, p99Us: 30_118 });
    expect(reply.operations).toMatchObject([{ operation: "GET /stock", timeShare: 1 }]);
    expect(reply.heatmap?.counts.reduce((all, count) => all + count, 0)).toBe(COUNT);
    expect(reply.against?.now.totals.count).toBe(COUNT);
    expect(reply.notes.map(({ code }) => code)).toEqual(["failed_means_own_span"]);
    const mailer = await red(table, "mailer", startMs);
    expect(mailer.totals).toMatchObject({ count: COUNT, quantiles: { p50Us: 2_000_000 } });
    const gateway = await red(table, "gateway", startMs);
    expect(gateway.totals).toMatchObject({ count: COUNT, errorCount: 0 });
    expect(gateway.notes.map(({ code }) => code)).toContain("failed_below");
    const map = serviceMapReplySchema.parse(await getServiceMap(table, serviceMapQuerySchema.parse(window(startMs))));
    expect(map.nodes.find(({ service }) => service === "inventory")).toMatchObject({
      requestCount: COUNT,
      begunCount: 0,
      errorCount: COUNT / 4,
      perSecond: COUNT / 3600,
    });
  });

  it("is estimated from the traces read whole where a Jaeger tells no requests, and says from how many", async () => {
    const source = new JaegerSource({ url: `http://127.0.0.1:${collector().jaegerApiPort}` });
    const table = makeTable({
      source,
      port: {
        listServices: (signal) => source.listServices(signal),
        searchTraces: async (search, signal) => {
          const answer = await source.searchTraces(search, signal);
          const summaries = answer.summaries.map(({ requests: _, isRootFailed: __, requestUs: ___, ...told }) => told);
          return { ...answer, summaries };
        },
      },
    });
    await read(table, startMs);
    const before = await red(table, "inventory", startMs);
    expect(before).toMatchObject({ basis: "unknown", totals: { count: 0 } });
    expect(before.notes.map(({ code }) => code)).toEqual(["not_sampled_yet"]);
    await table.sampler.sample({ fromUs: startMs * 1000, toUs: (startMs + HOUR_MS) * 1000 }, { waitMs: 30_000 });
    const reply = await red(table, "inventory", startMs);
    const { readCount, traceCount } = reply.sample ?? { readCount: 0, traceCount: 0 };
    expect(traceCount).toBe(COUNT);
    expect(readCount).toBeGreaterThanOrEqual(20);
    expect(readCount).toBeLessThan(COUNT);
    expect(reply.totals.count).toBe(readCount);
    expect(reply.totals.perSecond).toBeCloseTo(COUNT / 3600, 6);
    expect(reply.totals.quantiles?.p50Us).toBeGreaterThan(29_999);
    expect(reply.notes.find(({ code }) => code === "sampled_requests")?.text).toContain(
      `${readCount} of ${COUNT} traces`,
    );
    // Requests that begin a trace are all known: nothing is estimated of the gateway.
    expect(await red(table, "gateway", startMs)).toMatchObject({ sample: null, totals: { count: COUNT } });
  });

  it("leaves nothing behind when what was read is forgotten", async () => {
    const table = makeTable();
    await read(table, startMs);
    const held = async () => (await pool().query<{ n: number }>("select count(*) as n from facts.request")).rows[0]?.n;
    expect(await held()).toBe(2 * COUNT);
    await pool().query("update facts.slice set read_at = now() - interval '80 hours'");
    await forgetOlderThan(72);
    expect(await held()).toBe(0);
    await read(table, startMs);
    await forgetServices(["inventory"]);
    expect(await held()).toBe(0);
  });
});
