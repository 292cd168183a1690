import { describe, expect, it } from "vitest";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { toOpenTrace } from "@/features/traces/server/open-trace";
import { TraceRecorder, toOtlpRequest } from "@/tests/support/trace-recorder";
import { type Baseline, buildBaseline } from "../paths/baseline";
import { foldTrace } from "../paths/fold-trace";
import { PathTree } from "../paths/path-tree";
import type { TraceSkeleton } from "../trace-skeleton";
import { computeCriticalPath } from "./critical-path";
import { diagnose } from "./diagnose";

type Page = {
  seed?: number;
  calls: number;
  queryUs?: number;
  wrapperUs?: number;
  wrappers?: readonly string[];
  hasStatements?: boolean;
  /** This one has no statement. */
  bareCall?: number;
};

const FIELDS = ["author", "title", "body", "likes", "avatar", "badge", "reply"];

/** A page that loads each of its comments in a span of its own, which asks the database once. */
async function load({ wrappers = FIELDS, wrapperUs = 500, queryUs = 4000, hasStatements = true, ...page }: Page) {
  const { seed = 7, calls, bareCall } = page;
  const rec = new TraceRecorder(seed);
  const attributes = { "db.system": "postgresql", "db.statement": "SELECT * FROM comments WHERE post_id = $1" };
  rec.span({ name: "GET /posts/:id", service: "blog", kind: "server" }, () => {
    rec.work(5000);
    for (let call = 0; call < calls; call += 1) {
      rec.span({ name: `load ${wrappers[call % wrappers.length]}` }, () => {
        rec.work(wrapperUs);
        const isBare = !hasStatements || call === bareCall;
        rec.span({ name: "SELECT comments", kind: "client", attributes: isBare ? {} : attributes }, () =>
          rec.work(queryUs),
        );
      });
    }
    rec.work(3000);
  });
  const bytes = Buffer.from(JSON.stringify(toOtlpRequest(rec, Date.parse("2026-11-20T10:00:00Z"))));
  return toOpenTrace(await decodeTraces(bytes), rec.traceId, 0).skeleton;
}

async function historyOf(page: Page): Promise<Baseline> {
  const tree = new PathTree();
  const traces = [];
  for (let seed = 100; seed < 130; seed += 1) {
    const trace = await load({ ...page, seed });
    traces.push(foldTrace({ traceId: String(seed), trace, onPathUs: computeCriticalPath(trace).ownUs }, tree));
  }
  return buildBaseline({ rootService: "blog", rootOperation: "GET /posts/:id" }, { nodes: tree.nodes, traces });
}

const loudOf = (trace: TraceSkeleton, baseline?: Baseline) =>
  diagnose(trace, { baseline }).findings.filter(({ severity }) => severity !== "info");

describe("a loop whose queries stand in spans of their own", () => {
  it.each([1, 7])("is one whatever the spans are called (%i names), with each query as a receipt", async (count) => {
    const trace = await load({ calls: 30, wrappers: FIELDS.slice(0, count) });
    for (const baseline of [undefined, await historyOf({ calls: 1 })]) {
      const [top, ...others] = loudOf(trace, baseline);
      expect(top).toMatchObject({ kind: "n-plus-one", service: "blog", operation: "SELECT comments" });
      expect(top?.spanIds).toHaveLength(30);
      expect(others).toEqual([]);
    }
  });

  it("names some of the spans where they differ", async () => {
    const [top] = loudOf(await load({ calls: 30 }));
    expect(top?.sentence).toContain("under GET /posts/:id, each in a span of its own (load author, load title, …)");
  });

  it("takes the work of the spans around the queries along, up to that of the queries", async () => {
    const small = diagnose(await load({ calls: 30, wrapperUs: 3000 }));
    expect(small.verdict.clauses[0]?.timeUs).toBeGreaterThan(30 * 6000);
    const [large] = loudOf(await load({ calls: 30, wrapperUs: 9000 }));
    expect(large?.savesUs).toBeLessThan(30 * 5000);
  });

  it("counts a query that came without its statement, in a span like the others", async () => {
    const trace = await load({ calls: 5, wrappers: ["author"], bareCall: 2, queryUs: 30_000 });
    const [top] = loudOf(trace, await historyOf({ calls: 0 }));
    expect(top).toMatchObject({ kind: "n-plus-one", operation: "SELECT comments" });
    expect(top?.spanIds).toHaveLength(5);
  });

  it("is none where it is as long as ever, or where nothing says that the queries are the same", async () => {
    const page = { calls: 14 };
    expect(loudOf(await load(page), await historyOf(page))).toEqual([]);
    expect(loudOf(await load({ calls: 14, hasStatements: false }))).toEqual([]);
  });
});
