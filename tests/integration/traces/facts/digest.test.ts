import { beforeAll, describe, expect, it } from "vitest";
import { digestQuerySchema, digestReplySchema } from "@/features/traces/contract";
import type { FactTable } from "@/features/traces/server/facts/fact-table";
import { getDigest } from "@/features/traces/server/facts/get-digest";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { factTableStage } from "@/tests/support/fact-table-stage";
import { type SentTrace, sentTraceId } from "@/tests/support/send-facts-load";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const window = { start: START_MS, end: START_MS + 3_600_000 };
/** More than a page of a list holds. */
const COUNT = 1200;
const durationOf = (at: number) => 1000 + ((at * 7919) % COUNT) * 100;
const sent = Array.from(
  { length: COUNT },
  (_, at): SentTrace => ({
    service: at % 3 === 0 ? "web" : "api",
    operation: `GET /${at % 2}`,
    startUs: (START_MS + at * 3000) * 1000,
    durationUs: durationOf(at),
    isFailed: at % 50 === 0,
  }),
);

const stage = factTableStage();

beforeAll(async () => {
  await stage.send("shop", sent);
  const own = sent.slice(0, 600).map((trace) => ({ ...trace, service: "ops-console-web" }));
  await stage.send("own", own);
});

async function digest(table: FactTable) {
  await table.filler.fill(table.windowOf(window), { waitMs: 30_000 });
  return digestReplySchema.parse(await getDigest(table, digestQuerySchema.parse(window)));
}

/** Two hours of two operations, of which one takes three times as long in the last 25 minutes; the second hour asked for. */
async function slowerDigest(endUs: number) {
  const traces = ["GET /slower", "GET /steady"].flatMap((operation) =>
    Array.from({ length: 240 }, (_, at): SentTrace => {
      const startUs = endUs - (240 - at) * 30e6;
      const isSlow = operation === "GET /slower" && startUs >= endUs - 25 * 60e6;
      return { service: "slower", operation, startUs, durationUs: (isSlow ? 3e5 : 1e5) + (at % 10), isFailed: false };
    }),
  );
  await stage.send("slower", traces);
  const hour = { start: endUs / 1000 - 3_600_000, end: endUs / 1000 };
  const table = stage.makeTable();
  await table.filler.fill(table.windowOf({ ...hour, start: hour.start - 3_600_000 }), { waitMs: 30_000 });
  return digestReplySchema.parse(await getDigest(table, digestQuerySchema.parse(hour)));
}

describe("getDigest", () => {
  it("counts every trace of the window, and none of the console's own", async () => {
    const reply = await digest(stage.makeTable());
    expect(reply.totals).toEqual({ count: COUNT, errorCount: COUNT / 50, mendedCount: 0 });
    expect(reply.coverage).toMatchObject({ complete: 1, filling: "done" });
    expect(reply.operations.map(({ service }) => service)).not.toContain("ops-console-web");
    expect(reply.operationCount).toBe(4);
  });

  it("spreads them over equal parts that add up", async () => {
    const { series, totals } = await digest(stage.makeTable());
    const sum = (key: "count" | "errorCount") => series.reduce((all, part) => all + part[key], 0);
    expect({ count: sum("count"), errorCount: sum("errorCount"), mendedCount: 0 }).toEqual(totals);
    expect(series.length).toBe(72);
    expect(Math.max(...series.map(({ maxUs }) => maxUs))).toBe(1000 + (COUNT - 1) * 100);
    expect([series[0]?.startUs, series.at(-1)?.endUs]).toEqual([window.start * 1000, window.end * 1000]);
  });

  it("tells each root operation with its slowest trace, that with most time together first", async () => {
    const { operations } = await digest(stage.makeTable());
    const first = operations[0];
    const of = sent.flatMap((trace, at) =>
      trace.service === first?.service && trace.operation === first.operation ? [at] : [],
    );
    const slowest = of.reduce((most, at) => (durationOf(at) > durationOf(most) ? at : most));
    expect(first).toMatchObject({
      service: "api",
      count: of.length,
      sumUs: of.reduce((sum, at) => sum + durationOf(at), 0),
      maxUs: durationOf(slowest),
      slowestTraceId: sentTraceId("shop", slowest),
    });
    expect(first?.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(of.length);
    const times = operations.map(({ sumUs }) => sumUs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it("tells which operation became slower, since when, and what is usual for the others", async () => {
    const endUs = (START_MS - 3_600_000) * 1000;
    const { operations } = await slowerDigest(endUs);
    const [slower, steady] = ["GET /slower", "GET /steady"].map((name) =>
      operations.find(({ operation }) => operation === name),
    );
    expect(slower?.slowdown).toMatchObject({
      usual: { count: 190, p50Us: expect.closeTo(100_000, -4) },
      now: { count: 50, p50Us: expect.closeTo(300_000, -4) },
    });
    const parts = slower?.slowdown?.parts ?? [];
    expect(parts.length).toBe(72);
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(120);
    expect([parts[0]?.p50Us, parts.at(-1)?.p50Us]).toEqual([expect.closeTo(100_000, -4), expect.closeTo(300_000, -4)]);
    // As the chart shows it: the bars before it are as usual, and the one it begins with is not.
    const firstSlow = parts.findIndex(({ p50Us }) => p50Us > 200_000);
    expect(slower?.slowdown?.sinceUs).toBe(Math.round(endUs - 3_600e6 + (firstSlow * 3_600e6) / 72));
    const sinceMin = (endUs - (slower?.slowdown?.sinceUs ?? 0)) / 60e6;
    expect(sinceMin).toBeGreaterThan(23);
    expect(sinceMin).toBeLessThan(27);
    expect(slower?.slowdown?.addedUs).toBeCloseTo(50 * 200_000, -5);
    expect(steady).toMatchObject({ slowdown: null, usual: { count: 120, p50Us: expect.closeTo(100_000, -4) } });
  });

  it("counts a request as failed when its own span did, and tells one that survived an error inside apart", async () => {
    const startUs = (START_MS - 24 * 3_600_000) * 1000;
    const call = { service: "db", name: "query", offsetUs: 10, durationUs: 100, isFailed: true };
    const one = { service: "survivor", operation: "GET /", durationUs: 1000, call };
    const traces = [0, 1, 2].map((at): SentTrace => ({ ...one, startUs: startUs + at * 60e6, isFailed: at === 0 }));
    await stage.send("survivors", traces);
    const hour = { start: startUs / 1000, end: startUs / 1000 + 3_600_000 };
    const table = stage.makeTable();
    await table.filler.fill(table.windowOf(hour), { waitMs: 30_000 });
    const reply = digestReplySchema.parse(await getDigest(table, digestQuerySchema.parse(hour)));
    expect(reply.totals).toEqual({ count: 3, errorCount: 1, mendedCount: 2 });
    expect(reply.operations[0]).toMatchObject({ service: "survivor", errorCount: 1 });
    expect(reply.series.reduce((sum, { errorCount }) => sum + errorCount, 0)).toBe(1);
  });

  it("fails like the source when nothing is known and the source does not answer", async () => {
    const source = new JaegerSource({ url: "http://127.0.0.1:1" });
    const asked = getDigest(stage.makeTable({ source }), digestQuerySchema.parse(window));
    await expect(asked).rejects.toMatchObject({ code: "upstream_unreachable" });
  });
});
