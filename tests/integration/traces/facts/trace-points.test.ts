import { beforeAll, describe, expect, it } from "vitest";
import { factsQuerySchema, pointsQuerySchema, pointsReplySchema } from "@/features/traces/contract";
import { toPlotPoints, toUsualTimes } from "@/features/traces/domain/search-view/plot-points";
import type { FactTable } from "@/features/traces/server/facts/fact-table";
import { getFacts } from "@/features/traces/server/facts/get-facts";
import { getPoints } from "@/features/traces/server/facts/get-points";
import { factTableStage } from "@/tests/support/fact-table-stage";
import { type SentTrace, sentTraceId } from "@/tests/support/send-facts-load";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const window = { start: START_MS, end: START_MS + 3_600_000 };
const sent = Array.from(
  { length: 300 },
  (_, at): SentTrace => ({
    service: at % 3 === 0 ? "web" : "api",
    operation: `GET /${at % 5}`,
    startUs: (START_MS + at * 10_000) * 1000,
    durationUs: 1000 + at * 100,
    isFailed: at % 50 === 0,
    attributes: { tier: at % 100 === 0 ? "gold" : "free" },
  }),
);

let table: FactTable;
const { makeTable, send } = factTableStage();

beforeAll(async () => {
  await send("points", sent);
  table = makeTable();
  await table.filler.fill(table.windowOf(window), { waitMs: 30_000 });
});

const ask = async (input: Record<string, unknown> = {}) =>
  pointsReplySchema.parse(await getPoints(table, pointsQuerySchema.parse({ ...window, ...input })));

describe("getPoints", () => {
  it("gives every trace of the window as a point", async () => {
    const reply = await ask();
    const points = toPlotPoints(reply).sort((a, b) => a.startMs - b.startMs);
    expect(reply.totalCount).toBe(300);
    expect(points.map(({ traceId }) => traceId)).toEqual(sent.map((_, at) => sentTraceId("points", at)));
    expect(points[50]).toMatchObject({ service: "api", operation: "GET /0", durationUs: 6000, errorCount: 1 });
  });

  it("tells what is usual of all requests of an operation, whatever the filter leaves", async () => {
    const all = toUsualTimes(await ask());
    const filtered = await ask({ minDurationUs: 25_000 });
    expect(filtered.totalCount).toBe(60);
    expect(toUsualTimes(filtered)).toEqual(all);
    expect([...all.values()].reduce((sum, { count }) => sum + count, 0)).toBe(300);
  });

  it("joins attributes, which only the source knows", async () => {
    expect((await ask({ attributes: '{"tier":"gold"}' })).totalCount).toBe(3);
    expect((await ask({ service: "web", status: "error" })).totalCount).toBe(2);
  });
});

describe("getFacts", () => {
  it("finds what came late when it is asked to read the window again", async () => {
    const late: SentTrace = { service: "late", operation: "GET /late", startUs: START_MS * 1000 + 5, durationUs: 7 };
    await send("late", [late]);
    const query = { ...window, service: "late" };
    const before = await getFacts(table, factsQuerySchema.parse(query));
    expect(before.totals.count).toBe(0);
    await getFacts(table, factsQuerySchema.parse({ ...query, reread: "true" }));
    await table.filler.fill(table.windowOf(window), { waitMs: 30_000 });
    const after = await getFacts(table, factsQuerySchema.parse(query));
    expect(after.totals.count).toBe(1);
    expect(after.coverage.complete).toBe(1);
  });
});
