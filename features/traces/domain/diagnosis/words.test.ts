import { describe, expect, it } from "vitest";
import { diagnoseRecorded } from "@/tests/support/diagnosed";
import { type Attributes, TraceRecorder } from "@/tests/support/trace-recorder";

const sql = (statement: string): Attributes => ({ "db.system": "mysql", "db.statement": statement });

/** A request whose own time passes where it is told to, around two queries. */
function gaps({ beforeUs = 2_000, betweenUs = 2_000, afterUs = 2_000 }): TraceRecorder {
  const rec = new TraceRecorder(11);
  rec.span({ name: "GET /prints", service: "press", kind: "server" }, () => {
    rec.pass(beforeUs);
    rec.span({ name: "SELECT inks", kind: "client", attributes: sql("SELECT * FROM inks") }, () => rec.work(3_000));
    rec.pass(betweenUs);
    rec.span({ name: "SELECT sheets", kind: "client", attributes: sql("SELECT * FROM sheets") }, () => rec.work(3_000));
    rec.pass(afterUs);
  });
  return rec;
}

const sentenceOf = async (rec: TraceRecorder) => (await diagnoseRecorded(rec)).findings[0]?.sentence;

describe("time that no span explains", () => {
  it.each([
    ["before its first child", { beforeUs: 1_000_000 }],
    ["between its children", { betweenUs: 1_000_000 }],
    ["after its last child", { afterUs: 1_000_000 }],
    ["between and after its children", { betweenUs: 600_000, afterUs: 700_000 }],
  ])("is told where it passed: %s", async (where, request) => {
    const { findings, verdict } = await diagnoseRecorded(gaps(request));
    expect(findings[0]?.kind).toBe("unaccounted-time");
    expect(findings[0]?.sentence).toContain(`passed ${where}; no span says on what.`);
    expect(verdict.sentence).toContain(`GET /prints ${where}, unaccounted for`);
  });

  it("is told with what an event of the span says of it", async () => {
    const rec = gaps({ beforeUs: 1_500_000 });
    const [root] = rec.spans;
    if (root !== undefined) root.events = [{ name: "connection pool exhausted, waiting", atUs: 1_000 }];
    expect(await sentenceOf(rec)).toContain('an event there says "connection pool exhausted, waiting"');
  });

  it("of many spans is told of each of them", async () => {
    const rec = new TraceRecorder(12);
    rec.span({ name: "GET /prints", service: "press", kind: "server" }, () => {
      for (let at = 0; at < 60; at += 1)
        rec.span({ name: "lay out page" }, () => {
          rec.work(10_000);
          rec.span({ name: "measure" }, () => rec.work(200));
        });
    });
    expect(await sentenceOf(rec)).toMatch(/^\d+\u202fms passed in 60\u202f× lay out page, before its only child/);
  });
});

describe("a loop of cache calls", () => {
  it("is named by its command, as each call has a key of its own", async () => {
    const rec = new TraceRecorder(13);
    rec.span({ name: "GET /prints", service: "press", kind: "server" }, () => {
      for (let at = 0; at < 80; at += 1)
        rec.span(
          { name: "SET", kind: "client", attributes: { "db.system": "redis", "db.statement": `SET ink:${at}` } },
          () => rec.work(4_000),
        );
    });
    expect(await sentenceOf(rec)).toMatch(/^80\u202f× SET one after another/);
  });
});

describe("a slow call of a cache", () => {
  it("is named with what it asked for", async () => {
    const rec = new TraceRecorder(15);
    rec.span({ name: "GET /prints", service: "press", kind: "server" }, () => {
      const attributes = { "db.system": "redis", "db.statement": "GET proof:7" };
      rec.span({ name: "GET", kind: "client", attributes }, () => rec.work(900_000));
    });
    expect((await diagnoseRecorded(rec)).verdict.clauses[0]?.text).toBe("GET proof:7");
  });
});

describe("a verdict", () => {
  it("calls what is left of a step apart from the finding of the same name", async () => {
    const rec = new TraceRecorder(14);
    rec.span({ name: "GET /prints", service: "press", kind: "server" }, () => {
      for (let at = 0; at < 40; at += 1)
        rec.span({ name: "SELECT sku", kind: "client", attributes: sql("SELECT * FROM sku WHERE id = ?") }, () =>
          rec.pass(at === 20 ? 500_000 : 5_000),
        );
    });
    const { clauses } = (await diagnoseRecorded(rec)).verdict;
    expect(new Set(clauses.map(({ text }) => text)).size).toBe(clauses.length);
    expect(clauses.map(({ text }) => text)).toContain("the other SELECT sku");
  });
});
