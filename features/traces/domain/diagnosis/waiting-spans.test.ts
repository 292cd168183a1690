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
    ["events by their type", server("GET /live", { "http.response.header.content-type": "text/event-stream" })],
    ["a long poll", server("GET /poll", { "http.status_code": 204 })],
    ["a long poll by its empty answer", server("GET /next", { "http.response.status_code": 204 })],
    ["a call that goes both ways", server("chat.v1.Chat/Connect", { "rpc.system": "grpc" })],
    ["a call that streams", server("logs.v1.Logs/StreamEntries", { "rpc.system": "grpc" })],
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

  it("is not said to have worked where nobody saw what it did, nor told as critical by its name", async () => {
    const rec = wait(1.5e6, { name: "pool.acquire" }, server("GET /pw"));
    const [finding] = (await diagnoseRecorded(rec)).findings;
    expect(finding).toMatchObject({ kind: "heavy-span", operation: "pool.acquire", severity: "warning" });
    expect(finding?.sentence).toMatch(/^pool\.acquire took 1\.50\u202fs itself/);
  });

  it("is not told as critical where it is all of an answer, without history", async () => {
    const [finding] = (await diagnoseRecorded(wait(3e6, server("GET /reports")))).findings;
    expect(finding).toMatchObject({ kind: "heavy-span", severity: "warning" });
  });

  it("is slow where an answer without content came late and is no poll", async () => {
    const rec = wait(12e6, server("DELETE /carts/:id", { "http.response.status_code": 204 }));
    expect(loudOf(await diagnoseRecorded(rec))[0]).toMatchObject({ kind: "heavy-span" });
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
