import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleHour } from "@/features/sample-data/domain/sample-hour";
import { sendSampleTraces } from "@/features/sample-data/server/send-sample-traces";
import {
  bubbleUpReplySchema,
  compareReplySchema,
  criticalPathReplySchema,
  type UsualReply,
  usualReplySchema,
} from "@/features/traces/contract";
import { closeDatabase, pool } from "@/server/db/client";
import { createTestDatabase, type TestDatabase } from "./database";

const TRACE_COUNT = 600;
const PAGE = { service: "circuitverse-web", operation: "GET /users/:id" };
// The hour ends ten minutes ago: every trace is whole, and of the last day.
const END_MS = Date.now() - 600_000;
const WINDOW = { start: END_MS - 3_600_000, end: END_MS };

/** Where spans go in and traces come out. */
export type TraceStore = { queryUrl: string; otlpUrl: string; stop: () => Promise<void> };

/** What the console says of many traces at once, whoever keeps them: an hour of sample traffic through the routes. */
export function describePaths(title: string, start: () => Promise<TraceStore>): void {
  describe(title, () => {
    let database: TestDatabase;
    let store: TraceStore;
    let get: (path: string) => Promise<Response>;
    let post: (path: string, body: unknown) => Promise<Response>;
    const placed = [...sampleHour({ seed: 42, endUnixUs: END_MS * 1000, traceCount: TRACE_COUNT })];
    const pages = placed.filter(({ trace }) => trace.spans[0]?.name === PAGE.operation);

    beforeAll(async () => {
      database = await createTestDatabase();
      store = await start();
      process.env.JAEGER_URL = store.queryUrl;
      await sendSampleTraces({ endpoint: store.otlpUrl, traces: placed, signal: new AbortController().signal });
      const usual = await import("@/app/api/traces/[traceId]/usual/route");
      const compare = await import("@/app/api/traces/compare/route");
      const criticalPath = await import("@/app/api/traces/critical-path/route");
      const bubbleUp = await import("@/app/api/traces/bubble-up/route");
      get = (path) => {
        const request = new Request(`http://127.0.0.1:3000${path}`, { headers: { host: "127.0.0.1:3000" } });
        const traceId = /traces\/([^/?]+)\/usual/.exec(path)?.[1];
        if (traceId !== undefined) return usual.GET(request, { params: Promise.resolve({ traceId }) });
        const { GET } = path.startsWith("/api/traces/compare") ? compare : criticalPath;
        return GET(request, { params: Promise.resolve({}) });
      };
      post = (path, body) =>
        bubbleUp.POST(
          new Request(`http://127.0.0.1:3000${path}`, {
            method: "POST",
            headers: { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000", "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
          { params: Promise.resolve({}) },
        );
    });
    afterAll(async () => {
      await store.stop();
      await closeDatabase();
      await database.drop();
    });

    /** The pages of one release, as a search. */
    const groupOf = (version: string) =>
      JSON.stringify({ ...PAGE, ...WINDOW, attributes: { "service.version": version } });
    const query = (params: Record<string, string | number>) =>
      new URLSearchParams(Object.entries(params).map(([key, value]) => [key, String(value)]));

    describe("GET /api/traces/{id}/usual", () => {
      const usualOf = async (traceId: string): Promise<UsualReply> => {
        const response = await get(`/api/traces/${traceId}/usual`);
        expect(response.status).toBe(200);
        return usualReplySchema.parse(await response.json());
      };
      const one = pages.at(-1)?.trace;

      it("says for each row what is usual of its step, from other traces of the same operation", async () => {
        const reply = await usualOf(one?.traceId ?? "");
        expect(reply.baseline).toMatchObject({ rootService: PAGE.service, rootOperation: PAGE.operation });
        // A hundred were read, a third of them of the release that repeats a query: those are no measure of what is usual.
        expect(reply.baseline.traceCount).toBeGreaterThanOrEqual(60);
        expect(reply.baseline.traceCount).toBeLessThan(75);
        const root = reply.paths[0];
        expect(root).toMatchObject({ name: PAGE.operation, presentIn: reply.baseline.traceCount, parent: -1 });
        const repeated = reply.paths.find(({ name, calls }) => name === "SELECT projects" && calls.p50 > 10);
        expect(repeated?.newIn).toBe("v3.14.2");
        expect(root?.newIn).toBeNull();
        const rows = Buffer.from(reply.pathOfRow, "base64");
        expect(rows).toHaveLength(one?.spans.length ?? 0);
        expect(rows[0]).toBe(1);
      });

      it("keeps the sample in Postgres, and reads it from there when memory has lost it", async () => {
        const first = await usualOf(one?.traceId ?? "");
        const { rows } = await pool().query("select id from paths.sample");
        expect(rows.length).toBeGreaterThan(0);
        (globalThis as { opsPaths?: unknown }).opsPaths = undefined;
        const again = await usualOf(one?.traceId ?? "");
        expect(again.baseline.asOf).toBe(first.baseline.asOf);
        expect(again.paths).toEqual(first.paths);
      });

      it("refuses a trace that is not there, and one that cannot be", async () => {
        expect((await get(`/api/traces/${"0".repeat(31)}1/usual`)).status).toBe(404);
        expect((await get("/api/traces/nonsense/usual")).status).toBe(400);
      });
    });

    describe("GET /api/traces/compare", () => {
      it("says what the release brought: the queries of the N+1, in a sentence that adds up", async () => {
        const response = await get(
          `/api/traces/compare?${query({ before: groupOf("v3.14.1"), after: groupOf("v3.14.2") })}`,
        );
        expect(response.status).toBe(200);
        const { verdict, steps, before, after, leftOut, checks } = compareReplySchema.parse(await response.json());
        expect(verdict.isSignificant).toBe(true);
        expect(verdict.clauses[0]).toMatchObject({ kind: "new" });
        expect(verdict.sentence).toMatch(/a request = .* in a new step, \d+ × SELECT projects/);
        // The steps sum to the change of the mean, the clauses to what of it is beyond chance.
        const stepsUs = steps.reduce((sum, { changeUs }) => sum + changeUs, leftOut.changeUs);
        expect(Math.abs(after.perRequest.durationUs - before.perRequest.durationUs - stepsUs)).toBeLessThan(1);
        expect(verdict.clauses.reduce((sum, { changeUs }) => sum + changeUs, 0)).toBe(verdict.changeUs);
        expect(before.seenCount + after.seenCount).toBe(pages.length);
        expect(after.perRequest.queries).toBeGreaterThan(10 * before.perRequest.queries);
        expect(checks.filter(({ isOk }) => !isOk).map(({ code }) => code)).toEqual([]);
      });

      it("compares the slowest twentieth of each group", async () => {
        const sides = { before: groupOf("v3.14.1"), after: groupOf("v3.14.2"), requests: "slowest" };
        const all = pages.filter(({ version }) => version === "v3.14.2").length;
        const response = await get(`/api/traces/compare?${query(sides)}`);
        const { after } = compareReplySchema.parse(await response.json());
        expect(after.seenCount).toBe(Math.ceil(all / 20));
      });

      it("compares two single traces", async () => {
        const [a, b] = [pages.at(0)?.trace.traceId ?? "", pages.at(-1)?.trace.traceId ?? ""];
        const response = await get(`/api/traces/compare?${query({ before: a, after: b })}`);
        const reply = compareReplySchema.parse(await response.json());
        expect(reply).toMatchObject({
          verdict: { isSignificant: null },
          before: { readCount: 1 },
          after: { readCount: 1 },
        });
      });

      it("never counts a trace among those it is compared with", async () => {
        const one = pages.find(({ version }) => version === "v3.14.1")?.trace.traceId ?? "";
        const of = pages.filter(({ version }) => version === "v3.14.1").length;
        const response = await get(`/api/traces/compare?${query({ before: groupOf("v3.14.1"), after: one })}`);
        const { before, checks } = compareReplySchema.parse(await response.json());
        expect(before.seenCount).toBe(of - 1);
        expect(checks.find(({ code }) => code === "no_overlap")?.isOk).toBe(true);
      });

      const REFUSED: [title: string, params: Record<string, string>, field: string][] = [
        ["a side that is missing", { before: "a1" }, "after"],
        ["a side that is neither", { before: "a1", after: "xyz" }, "after"],
        ["an unknown field", { before: "a1", after: '{"servise":"web"}' }, "after.servise"],
        [
          "bounds in the wrong order",
          { before: '{"minDurationUs":9,"maxDurationUs":1}', after: "a1" },
          "before.maxDurationUs",
        ],
        ["a number that is none", { before: '{"start":null}', after: "a1" }, "before.start"],
        ["too much", { before: "a1", after: "a1", limit: "5" }, "limit"],
      ];
      for (const [title, params, field] of REFUSED) {
        it(`names the field when it refuses ${title}`, async () => {
          const response = await get(`/api/traces/compare?${query(params)}`);
          expect(response.status).toBe(400);
          const { problems } = (await response.json()) as { problems: { field: string }[] };
          expect(problems.map((problem) => problem.field)).toContain(field);
        });
      }
    });

    describe("GET /api/traces/critical-path", () => {
      it("sums the critical paths of the slowest traces, every microsecond once", async () => {
        const response = await get(`/api/traces/critical-path?${query({ ...PAGE, ...WINDOW, limit: 30 })}`);
        expect(response.status).toBe(200);
        const reply = criticalPathReplySchema.parse(await response.json());
        expect(reply).toMatchObject({ traceCount: 30, seenCount: pages.length, skippedCount: 0, isWholeSearch: true });
        expect(reply.frames.reduce((sum, { ownUs, restUs }) => sum + ownUs + restUs, 0)).toBe(reply.totalUs);
        const widest = [...reply.frames].sort((a, b) => b.ownUs - a.ownUs)[0];
        expect(widest).toMatchObject({ name: "SELECT projects", traceCount: 30 });
        expect(widest?.exemplars).toHaveLength(3);
      });

      it("sums the traces it is given by id, and refuses a search beside them", async () => {
        const traceIds = pages.slice(0, 5).map(({ trace }) => trace.traceId);
        const response = await get(`/api/traces/critical-path?${query({ traceIds: traceIds.join(",") })}`);
        expect(await response.json()).toMatchObject({ traceCount: 5, seenCount: 5, skippedCount: 0 });
        for (const params of [{ traceIds: "a1", service: "web" }, { traceIds: "a1,xyz" }, { traceIds: "" }]) {
          const refused = await get(`/api/traces/critical-path?${query(params)}`);
          expect(refused.status, JSON.stringify(params)).toBe(400);
        }
      });

      it("has nothing to sum where nothing matches, and refuses more than it reads", async () => {
        const empty = await get(`/api/traces/critical-path?${query({ ...PAGE, ...WINDOW, minDurationUs: 9e9 })}`);
        expect(await empty.json()).toMatchObject({ totalUs: 0, frames: [], seenCount: 0 });
        expect((await get("/api/traces/critical-path?limit=101")).status).toBe(400);
      });
    });

    describe("POST /api/traces/bubble-up", () => {
      const body = { search: { service: PAGE.service, ...WINDOW }, selection: { minDurationUs: 800_000 }, seed: 7 };

      it("finds what sets the slow ones apart: the repeated query and the release, not the host", async () => {
        const response = await post("/api/traces/bubble-up", body);
        expect(response.status).toBe(200);
        const reply = bubbleUpReplySchema.parse(await response.json());
        const told = reply.standouts.flatMap(({ text, alsoKnownAs }) => [text, ...alsoKnownAs]);
        expect(told.some((text) => /^≥ \d+ × SELECT projects$/.test(text))).toBe(true);
        expect(told).toContain("service.version = v3.14.2");
        expect(told.some((text) => text.startsWith("host.name"))).toBe(false);
        expect(reply.alike).toContain("host.name");
        expect(reply.selected.readCount).toBeLessThanOrEqual(100);
        expect(reply.baseline.readCount).toBe(100);
      });

      it("answers the same twice", async () => {
        const [first, second] = await Promise.all([
          post("/api/traces/bubble-up", body),
          post("/api/traces/bubble-up", body),
        ]);
        expect(await first.json()).toEqual(await second.json());
      });

      it("tells nothing about a selection by chance", async () => {
        const traceIds = pages.filter((_, at) => at % 2 === 0).map(({ trace }) => trace.traceId);
        const response = await post("/api/traces/bubble-up", {
          ...body,
          search: { ...PAGE, ...WINDOW },
          selection: { traceIds },
        });
        expect(bubbleUpReplySchema.parse(await response.json()).standouts).toEqual([]);
      });

      const REFUSED: [title: string, body: unknown, field: string][] = [
        ["a selection of nothing", { search: {}, selection: {} }, "selection"],
        ["ids beside bounds", { search: {}, selection: { start: 1, traceIds: ["a1"] } }, "selection.traceIds"],
        ["an id that is none", { search: {}, selection: { traceIds: ["xyz"] } }, "selection.traceIds.0"],
        ["an unknown field", { search: {}, selection: { start: 1 }, sed: 1 }, "sed"],
        ["no search", { selection: { start: 1 } }, "search"],
      ];
      for (const [title, refused, field] of REFUSED) {
        it(`names the field when it refuses ${title}`, async () => {
          const response = await post("/api/traces/bubble-up", refused);
          expect(response.status).toBe(400);
          const { problems } = (await response.json()) as { problems: { field: string }[] };
          expect(problems.map((problem) => problem.field)).toContain(field);
        });
      }
    });
  });
}
