import { describe, expect, it } from "vitest";
import { diagnoseRecorded, historyOf, loudOf } from "@/tests/support/diagnosed";
import { type Attributes, type SpanOptions, TraceRecorder } from "@/tests/support/trace-recorder";

const RECEIVE = { "messaging.system": "kafka", "messaging.operation.type": "receive" };
const OLD_RECEIVE = { "messaging.system": "rabbitmq", "messaging.operation": "receive" };

/** One span, with or without a root around it and a little work after it. */
function wait(us: number, span: SpanOptions, root?: SpanOptions): TraceRecorder {
  const rec = new TraceRecorder(us);
  const body = () => {
    rec.span({ service: "billing", ...span }, () => rec.pass(us));
    if (root !== undefined) rec.span({ name: "handle" }, () => rec.work(40_000));
  };
  if (root === undefined) body();
  else rec.span({ service: "billing", ...root }, body);
  return rec;
}

const server = (name: string, attributes: Attributes = {}): SpanOptions => ({ name, kind: "server", attributes });

describe("a span that waits for something to do", () => {
  it.each<[string, SpanOptions, SpanOptions?]>([
    ["a consumer that receives", { name: "invoices receive", kind: "consumer", attributes: RECEIVE }],
    ["one of the old conventions", { name: "invoices", kind: "consumer", attributes: OLD_RECEIVE }],
    ["a client that receives", { name: "invoices", kind: "client", attributes: RECEIVE }],
    ["a poll", { name: "poll", kind: "consumer", attributes: { "messaging.system": "kafka" } }],
    ["a poll in a loop", { name: "poll invoices", kind: "consumer" }, { name: "poll loop" }],
    ["sleep of a clock", { name: "sleep" }, { name: "tick" }],
    ["a cache's blocking read", { name: "BRPOP", kind: "client", attributes: { "db.system": "redis" } }],
    ["a stream", server("prices.Feed/Subscribe", { "rpc.system": "grpc", "rpc.method": "Subscribe" })],
    ["a socket", server("GET /cable")],
    ["events sent by the server", server("GET /api/events/stream")],
  ])("is no fault: %s", async (_, span, root) => {
    const short = await historyOf(Array.from({ length: 20 }, (_none, at) => ({ rec: wait(1e6 + at, span, root) })));
    for (const baseline of [undefined, short]) {
      const { findings, verdict } = await diagnoseRecorded(wait(60e6, span, root), baseline);
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
      expect(verdict.sentence).toMatch(/most of it passed waiting for something to do\.$/);
    }
  });

  it("is one where a request waits for it", async () => {
    const rec = wait(3e6, { name: "sleep" }, server("GET /reports"));
    expect(loudOf(await diagnoseRecorded(rec))[0]).toMatchObject({ kind: "heavy-span", operation: "sleep" });
  });

  it("is no stream because its name has one in it, once it does something", async () => {
    const rec = new TraceRecorder(9);
    rec.span({ name: "GET /events", service: "billing", kind: "server" }, () => {
      const attributes = { "db.system": "mysql", "db.statement": "SELECT * FROM events" };
      rec.span({ name: "SELECT events", kind: "client", attributes }, () => rec.work(3e6));
    });
    expect(loudOf(await diagnoseRecorded(rec))[0]).toMatchObject({ kind: "slow-query" });
  });
});
