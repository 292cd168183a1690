import { beforeAll, describe, expect, it } from "vitest";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { toOpenTrace } from "@/features/traces/server/open-trace";
import { TraceRecorder, toOtlpRequest } from "@/tests/support/trace-recorder";
import { type Baseline, buildBaseline } from "../paths/baseline";
import { foldTrace } from "../paths/fold-trace";
import { PathTree } from "../paths/path-tree";
import { computeCriticalPath } from "./critical-path";
import { diagnose } from "./diagnose";
import type { Finding } from "./finding";

type Request = {
  seed: number;
  /** How many times slower than usual: everything, or one step. */
  paces?: { all?: number; query?: number; render?: number };
  queueUs?: number;
  /** Asks the cache so often while it renders, with so much work between two calls. */
  loop?: { calls: number; betweenUs: number };
  fails?: "cache" | "job" | "partner" | "rates";
};

const SELECT = { "db.system": "postgresql", "db.statement": "SELECT * FROM orders WHERE id = $1" };
const COUNT = { "db.system": "postgresql", "db.statement": "SELECT count(*) FROM orders" };
const GET = { "db.system": "redis", "db.statement": "GET session" };

/** A request that asks a cache, a database and a partner, renders, and leaves a job to a queue. */
function record({
  seed,
  paces: { all = 1, query = 1, render = 1 } = {},
  queueUs,
  loop,
  fails,
}: Request): TraceRecorder {
  const rec = new TraceRecorder(seed);
  const work = (us: number) => rec.work(us * all);
  const client = (name: string, attributes: Record<string, string>, us: number, isError = false) =>
    rec.span({ name, kind: "client", attributes, isError }, () => work(us));
  rec.span({ name: "GET /orders/:id", service: "shop", kind: "server" }, () => {
    work(3_000);
    client("GET", GET, 800, fails === "cache");
    client("SELECT shop", SELECT, 9_000 * query);
    client("SELECT shop", COUNT, 4_000 * query);
    rec.span({ name: "ask partner", isError: fails === "partner" }, () => {
      work(500);
      client("POST", { "http.url": "https://partner.example/v1/rates" }, 12_000, fails === "partner");
    });
    rec.span({ name: "GET /rates", kind: "client", isError: fails === "rates" }, () => {
      work(200);
      rec.span({ name: "GET /rates", service: "rates", kind: "server", isError: fails === "rates" }, () => work(1_500));
    });
    rec.span({ name: "render order" }, () => {
      for (let call = 0; call < (loop?.calls ?? 0); call += 1) {
        client("GET", GET, 600);
        rec.work(loop?.betweenUs ?? 0);
      }
      work(12_000 * render);
    });
    rec.span({ name: "emails publish", kind: "producer" }, () => {
      work(400);
      rec.later(rec.jitter(queueUs ?? 15_000), () =>
        rec.span({ name: "emails process", service: "mailer", kind: "consumer", isError: fails === "job" }, () =>
          client("SELECT shop", SELECT, 6_000, fails === "job"),
        ),
      );
    });
    work(2_000);
  });
  return rec;
}

async function decode(rec: TraceRecorder) {
  const bytes = Buffer.from(JSON.stringify(toOtlpRequest(rec, Date.parse("2026-11-20T10:00:00Z"))));
  return toOpenTrace(await decodeTraces(bytes), rec.traceId, 0).skeleton;
}

let baseline: Baseline;

async function historyOf(recordOne: (seed: number) => TraceRecorder): Promise<Baseline> {
  const tree = new PathTree();
  const traces = [];
  for (let seed = 100; seed < 160; seed += 1) {
    const trace = await decode(recordOne(seed));
    traces.push(foldTrace({ traceId: String(seed), trace, onPathUs: computeCriticalPath(trace).ownUs }, tree));
  }
  return buildBaseline({ rootService: "shop", rootOperation: "GET /orders/:id" }, { nodes: tree.nodes, traces });
}

beforeAll(async () => {
  baseline = await historyOf((seed) => record({ seed }));
});

const findingsOf = async (request: Request, withHistory = true): Promise<Finding[]> =>
  diagnose(await decode(record(request)), withHistory ? { baseline } : {}).findings;

const loudOf = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== "info").map(({ sentence }) => sentence);

const SEEDS = [1, 2, 3, 4, 5, 6];

describe("an error that went no further than its caller", () => {
  it.each([true, false])("is information, with history: %s", async (withHistory) => {
    for (const fails of ["cache", "partner"] as const) {
      const findings = await findingsOf({ seed: 1, fails }, withHistory);
      expect(loudOf(findings)).toEqual([]);
      expect(findings.map(({ kind }) => kind)).toContain("error-origin");
    }
  });

  it("is a warning where a service failed, though its caller went on without it", async () => {
    const { findings, verdict } = diagnose(await decode(record({ seed: 1, fails: "rates" })), { baseline });
    const [top] = findings;
    // Its time is as ever: nothing of it is unexplained.
    expect(verdict.sentence).not.toContain("unexplained");
    expect(verdict.isConfident).toBe(false);
    expect(top).toMatchObject({ kind: "error-origin", severity: "warning", service: "rates", operation: "GET /rates" });
  });

  it("is a warning once it made the work of a queue fail, though the request had been answered", async () => {
    const [top] = await findingsOf({ seed: 1, fails: "job" });
    expect(top).toMatchObject({
      kind: "error-origin",
      severity: "warning",
      service: "mailer",
      operation: "SELECT shop",
    });
  });
});

describe("a request in which everything takes longer", () => {
  it("has no single cause", async () => {
    for (const seed of SEEDS)
      for (const all of [2.5, 4]) expect(loudOf(await findingsOf({ seed, paces: { all } }))).toEqual([]);
  });

  it("says of what took longest that the rest was slower too", async () => {
    const findings = await findingsOf({ seed: 1, paces: { all: 30 } });
    expect(findings.map(({ sentence }) => sentence).join(" ")).toContain("so was the rest of the trace");
  });

  it("has no single cause where only two steps are not its own", async () => {
    const search = (seed: number, pace = 1) => {
      const rec = new TraceRecorder(seed);
      const shard = (at: number) => () =>
        rec.span({ name: "POST", kind: "client", attributes: { "http.url": `https://shard-${at}.example/find` } }, () =>
          rec.work(20_000 * pace),
        );
      rec.span({ name: "GET /orders/:id", service: "shop", kind: "server" }, () => {
        rec.span({ name: "GET", kind: "client", attributes: GET }, () => rec.work(800 * pace));
        rec.parallel([0, 1, 2, 3].map(shard));
        rec.span({ name: "rank" }, () => rec.work(9_000 * pace));
      });
      return rec;
    };
    const history = await historyOf(search);
    for (const seed of SEEDS) {
      const { findings } = diagnose(await decode(search(seed, 4)), { baseline: history });
      expect(loudOf(findings)).toEqual([]);
    }
  });

  it("still has a cause where one step slowed down far more", async () => {
    for (const seed of SEEDS) {
      const [top] = await findingsOf({ seed, paces: { all: 2, render: 10 } });
      expect(top).toMatchObject({ kind: "heavy-span", severity: "warning", operation: "render order" });
    }
  });

  it("is told apart from a database that is slow by itself", async () => {
    for (const seed of SEEDS) {
      const [top] = await findingsOf({ seed, paces: { query: 8 } });
      expect(top).toMatchObject({ kind: "slow-query", severity: "warning", operation: "SELECT shop" });
    }
  });
});

describe("a queue", () => {
  it("jitters by some tens of milliseconds without anybody waiting for it", async () => {
    for (const seed of SEEDS) expect(loudOf(await findingsOf({ seed, queueUs: 70_000 }))).toEqual([]);
  });

  it("is told when work lay in it far longer than it does", async () => {
    const [top] = await findingsOf({ seed: 1, queueUs: 600_000 });
    expect(top).toMatchObject({ kind: "queue-wait", service: "mailer", operation: "emails process" });
  });
});

describe("a loop of quick calls", () => {
  const tell = async (betweenUs: number) =>
    (await findingsOf({ seed: 1, loop: { calls: 150, betweenUs } })).map(({ kind, operation }) => ({
      kind,
      operation,
    }));

  it("is the cause of the little work between them, too", async () => {
    expect(await tell(550)).toEqual([{ kind: "n-plus-one", operation: "GET" }]);
  });

  it("does not explain work that takes far longer than the calls", async () => {
    expect(await tell(4_000)).toContainEqual({ kind: "unaccounted-time", operation: "render order" });
  });
});

describe("a request that is slow in proportion", () => {
  const verdictOf = async (request: Request) => diagnose(await decode(record(request)), { baseline }).verdict;

  it("is as slow as its parts, and says how many times", async () => {
    for (const seed of SEEDS) {
      const { sentence, pace } = await verdictOf({ seed, paces: { all: 2.5 } });
      expect(sentence).toMatch(/as slow as its parts: each step takes about 2\.[2-8] times its usual\.$/);
      expect(pace).toBeCloseTo(2.5, 0);
    }
  });

  it("is not told so at its usual pace, nor where one step is the cause", async () => {
    for (const seed of SEEDS) {
      expect((await verdictOf({ seed })).pace).toBeUndefined();
      expect((await verdictOf({ seed, paces: { query: 30 } })).pace).toBeUndefined();
    }
  });
});
