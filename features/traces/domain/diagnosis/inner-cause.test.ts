import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf } from "@/tests/support/diagnosed";
import { seededRandom } from "@/tests/support/seeded-random";
import { TraceRecorder } from "@/tests/support/trace-recorder";

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

type Trouble = { queryUs?: number; loops?: number; pauseUs?: number; workUs?: number; newCalls?: number };

/** A page that asks three services at once, each with a query of its own; trouble is in the stock's. */
function page(seed: number, { queryUs = 0, loops = 0, pauseUs = 0, workUs = 0, newCalls = 0 }: Trouble = {}) {
  const rec = new TraceRecorder(seed);
  const random = seededRandom(seed);
  const about = (us: number) => Math.round(us * (0.85 + 0.3 * random.next()));
  const select = (table: string, us: number) => {
    const attributes = { "db.system": "postgresql", "db.statement": `SELECT * FROM ${table} WHERE sku = $1` };
    rec.span({ name: `SELECT ${table}`, kind: "client", attributes }, () => rec.work(us));
  };
  const trouble = () => {
    for (const at of range(loops)) select("reservations", about(6_000) + at);
    for (const at of range(newCalls)) {
      const attributes = {
        "http.url": `https://${"abcdef"[at]}.example/x`,
        "net.peer.name": `${"abcdef"[at]}.example`,
      };
      rec.span({ name: "HTTP GET", kind: "client", attributes }, () => rec.work(about(70_000)));
    }
    rec.work(pauseUs);
  };
  const service = (name: string) => () => {
    const attributes = { "http.method": "GET", "http.url": `http://${name}/list`, "net.peer.name": name };
    rec.span({ name: "HTTP GET", kind: "client", attributes }, () => {
      rec.work(500);
      const more = name === "stock" ? { trouble, queryUs, workUs } : { trouble: () => {}, queryUs: 0, workUs: 0 };
      rec.span({ name: `GET /${name}`, service: name, kind: "server" }, () => {
        rec.work(about(8_000) + more.workUs / 2);
        more.trouble();
        select(name, about(14_000) + more.queryUs);
        rec.work(about(6_000) + more.workUs / 2);
      });
      rec.work(500);
    });
  };
  rec.span({ name: "GET /page", service: "web", kind: "server" }, () => {
    rec.work(about(7_000));
    rec.parallel(["orders", "stock", "offers"].map(service));
    rec.work(about(12_000));
  });
  return rec;
}

const history = () => historyOf(range(60).map((at) => ({ rec: page(300 + at) })));

describe("a cause inside one of several calls side by side", () => {
  it.each([
    ["slow-query", "stock", "SELECT stock", { queryUs: 300_000 }],
    ["n-plus-one", "stock", "SELECT reservations", { loops: 50 }],
    ["unaccounted-time", "stock", "GET /stock", { pauseUs: 300_000 }],
    ["sequential-calls", "stock", "GET /stock", { newCalls: 4 }],
  ] as const)("is told before the call that waited for it: %s", async (kind, service, operation, trouble) => {
    const { findings, verdict, savedDurationsUs } = await diagnoseRecorded(page(1, trouble), await history());
    expect(findings[0]).toMatchObject({ kind, service, operation });
    expect(findings[1]).toMatchObject({ kind: "straggler", service: "web", operation: "HTTP GET" });
    expect(verdict.clauses.reduce((sum, { timeUs }) => sum + timeUs, 0)).toBe(verdict.durationUs);
    expect(verdict.clauses[0]?.findingIndex).toBe(0);
    // Both are about the same time, which is promised once.
    const mostUs = verdict.durationUs - Math.min(...savedDurationsUs);
    expect((findings[0]?.savesUs ?? 0) + (findings[1]?.savesUs ?? 0)).toBeLessThan(1.1 * mostUs);
    expect(findings[1]?.sentence).toMatch(/(All|ms) of that is saved by what stands before it, too\./);
    expect(verdict.sentence).not.toContain("side by side");
  });

  it("is the call itself where what answers it worked longer from end to end", async () => {
    const { findings } = await diagnoseRecorded(page(1, { workUs: 300_000 }), await history());
    expect(findings[0]).toMatchObject({ kind: "straggler", service: "web", operation: "HTTP GET" });
  });

  it("is told as well where nobody knows what is usual", async () => {
    const { findings } = await diagnoseRecorded(page(1, { queryUs: 500_000 }));
    expect(findings.map(({ kind }) => kind).slice(0, 2)).toEqual(["straggler", "slow-query"]);
  });
});
