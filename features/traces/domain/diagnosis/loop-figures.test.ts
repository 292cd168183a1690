import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf } from "@/tests/support/diagnosed";
import { TraceRecorder } from "@/tests/support/trace-recorder";

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

type Import = { calls?: number; threads?: number; callUs?: number; pauseUs?: number };

/** An import that looks up each of its lines, by one or several threads, and works a little between them. */
function importLines(seed: number, { calls = 30, threads = 1, callUs = 4_000, pauseUs = 1_300 }: Import = {}) {
  const rec = new TraceRecorder(seed);
  const attributes = { "db.system": "mysql", "db.statement": "SELECT * FROM articles WHERE ean = ?" };
  const lookUp = () => {
    rec.span({ name: "SELECT articles", kind: "client", attributes }, () => rec.work(callUs));
    rec.work(pauseUs);
  };
  rec.span({ name: "POST /imports", service: "stock", kind: "server" }, () => {
    rec.work(3_000);
    rec.parallel(range(threads).map(() => () => range(calls / threads).forEach(lookUp)));
    rec.work(2_000);
  });
  return rec;
}

const history = (of: Import) => historyOf(range(40).map((at) => ({ rec: importLines(900 + at, of) })));

describe("the figures of a loop", () => {
  it("are those of its calls: what is done between them is another part of the sum", async () => {
    const { verdict, findings } = await diagnoseRecorded(importLines(1), await history({ calls: 2 }));
    const callsUs = importLines(1).spans.reduce(
      (sum, { name, startUs, endUs }) => sum + (name === "SELECT articles" ? endUs - startUs : 0),
      0,
    );
    expect(findings[0]?.kind).toBe("n-plus-one");
    expect(verdict.clauses[0]?.timeUs).toBe(callsUs);
    expect(findings.map(({ kind }) => kind)).not.toContain("unaccounted-time");
  });

  it("compare how long several at a time run with how long they usually do", async () => {
    const eight = { calls: 80, threads: 8, callUs: 10_000 };
    const { verdict, findings } = await diagnoseRecorded(importLines(1, eight), await history(eight));
    const [told] = findings;
    expect(told).toMatchObject({ kind: "n-plus-one", severity: "info", savesUs: 0 });
    expect(told?.usual?.p50Us).toBeLessThan(verdict.durationUs);
  });
});
