import { describe, expect, it } from "vitest";
import { openRecorded } from "@/tests/support/diagnosed";
import { TraceRecorder, toOtlpRequest } from "@/tests/support/trace-recorder";
import { decodeTraces } from "../decoding/decode-traces";
import { toOpenTrace } from "../open-trace";
import { readLeftWork } from "./read-left-work";

const START_MS = Date.parse("2026-11-20T10:00:00Z");

function publish(): TraceRecorder {
  const rec = new TraceRecorder(31);
  rec.span({ name: "POST /orders", service: "shop", kind: "server" }, () => {
    rec.pass(20_000);
    rec.span({ name: "orders publish", kind: "producer" }, () => rec.pass(5_000));
    rec.pass(10_000);
  });
  return rec;
}

/** A consumer in a trace of its own whose link names a span of another. */
async function consume(linked: { traceId: string; spanId: string }) {
  const rec = new TraceRecorder(32);
  rec.span({ name: "orders process", service: "worker", kind: "consumer", links: [linked.spanId] }, () =>
    rec.pass(9_000),
  );
  const text = JSON.stringify(toOtlpRequest(rec, START_MS + 90_000));
  // A recording links to itself: here the link, which stands after the span's own ids, names the other trace.
  const link = JSON.stringify({ traceId: rec.traceId, spanId: linked.spanId });
  const bytes = Buffer.from(text.replace(link, JSON.stringify(linked)));
  return toOpenTrace(await decodeTraces(bytes), rec.traceId, 0);
}

describe("readLeftWork", () => {
  it("reads who left the work, and when, from the trace a link names", async () => {
    const producer = publish();
    const trace = await consume({ traceId: producer.traceId, spanId: producer.spans[1]?.spanId ?? "" });
    const asked: string[] = [];
    const left = await readLeftWork(trace, async (traceId) => {
      asked.push(traceId);
      return openRecorded(producer, START_MS);
    });
    expect(asked).toEqual([producer.traceId]);
    expect(left).toEqual({
      traceId: producer.traceId,
      service: "shop",
      name: "orders publish",
      endedAtUs: START_MS * 1000 + 25_000,
    });
  });

  it("knows nothing where the other trace cannot be read, and asks nothing of a trace without such a link", async () => {
    const trace = await consume({ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "00f067aa0ba902b7" });
    const fail = () => Promise.reject(new Error("gone"));
    expect(await readLeftWork(trace, fail)).toBeUndefined();
    expect(await readLeftWork(await openRecorded(publish()), fail)).toBeUndefined();
  });
});
