import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeSkeleton } from "@/features/traces/domain/skeleton-wire";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { readSpan } from "@/features/traces/server/decoding/read-span";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { toOpenTrace } from "@/features/traces/server/open-trace";
import { runTask } from "@/features/traces/server/threads/run-task";
import { isShared } from "@/features/traces/server/threads/shared-columns";
import { TraceBytes } from "@/features/traces/server/threads/trace-bytes";
import { traceTasks } from "@/features/traces/server/threads/trace-tasks";
import { TraceThreads, traceThreads } from "@/features/traces/server/threads/trace-threads";
import { TraceLibrary } from "@/features/traces/server/trace-library";
import { bigTrace } from "../../support/big-trace";
import { type ServedTrace, serveTrace } from "../../support/serve-trace";
import { withTraceThreads } from "../../support/trace-thread";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_COUNT = 6000;
const body = bigTrace({
  traceId: TRACE_ID,
  spanCount: SPAN_COUNT,
  attributes: "rails",
  startNs: 1_795_347_664_300_000_000n,
});

let jaeger: ServedTrace;
let source: JaegerSource;
let removeThread: () => void;

beforeAll(async () => {
  removeThread = await withTraceThreads();
  jaeger = await serveTrace(body);
  source = new JaegerSource({ url: jaeger.url });
});
afterAll(async () => {
  await traceThreads()?.stop();
  await source.close();
  await jaeger.stop();
  removeThread();
});

describe("a big trace", () => {
  it("is the same read in a thread while it arrives as read at once", async () => {
    const { trace } = await new TraceLibrary(source).open(TRACE_ID);
    const here = toOpenTrace(await decodeTraces(body), TRACE_ID, Date.now());
    expect(isShared(trace)).toBe(true);
    expect(trace.version).toBe(here.version);
    expect(encodeSkeleton(trace.skeleton, { maxIds: 10_000 })).toEqual(
      encodeSkeleton(here.skeleton, { maxIds: 10_000 }),
    );
    for (const row of [0, 1, 2999, SPAN_COUNT - 1]) expect(readSpan(trace, row)).toEqual(readSpan(here, row));
  });

  it("is asked about in the thread with the same answers, also by a thread that did not decode it", async () => {
    const { trace } = await new TraceLibrary(source).open(TRACE_ID);
    const input = { baseline: undefined, expectedSpanCount: null };
    const answers = await Promise.all([1, 2, 3].map(() => runTask("findings", trace, input)));
    for (const answer of answers) expect(answer).toEqual(traceTasks.findings(trace, input));
    expect(await runTask("similar", trace, { row: 7 })).toEqual(traceTasks.similar(trace, { row: 7 }));
    expect(await runTask("fold", trace, { nodes: [] })).toEqual(traceTasks.fold(trace, { nodes: [] }));
  });

  it("is refused above the cap by its size and the setting, and the next smaller one opens", async () => {
    const small = new TraceLibrary(source, { maxTraceBytes: 2_000_000 });
    await expect(small.open(TRACE_ID)).rejects.toMatchObject({
      code: "upstream_too_large",
      message: "The trace is more than 2 MB of JSON. OPS_TRACE_MAX_BYTES allows 2 MB.",
    });
    const { trace } = await new TraceLibrary(source).open(TRACE_ID);
    expect(trace.skeleton.spanCount).toBe(SPAN_COUNT);
  });

  it("that nobody waits for any more leaves the threads free", async () => {
    const library = new TraceLibrary(source);
    const gone = new AbortController();
    const opening = library.open(TRACE_ID, gone.signal);
    gone.abort(new Error("gone"));
    await expect(opening).rejects.toThrow("gone");
    expect((await library.open(TRACE_ID)).trace.skeleton.spanCount).toBe(SPAN_COUNT);
  });

  it("that breaks off while it arrives is named, and ends the decoding", async () => {
    const bytes = new TraceBytes({ kind: "open", traceId: TRACE_ID, nowMs: Date.now }, { maxBytes: body.length });
    bytes.append(body.subarray(0, 3_000_000));
    await expect(bytes.decoded()).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("whose names do not fit a thread is refused, and the next is read by a new thread", async () => {
    const entry = (await import("@/server/processes/thread-entries")).entryOfThread("trace-thread");
    const threads = new TraceThreads({
      entry: entry ?? "",
      options: { resourceLimits: { maxOldGenerationSizeMb: 24 } },
    });
    const names = Array.from(
      { length: 60_000 },
      (_, at) =>
        `{"traceId":"${TRACE_ID}","spanId":"${(at + 1).toString(16).padStart(16, "0")}","startTimeUnixNano":"1000","endTimeUnixNano":"2000","name":"${String(at).repeat(150)}"}`,
    );
    const wide = Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${names.join(",")}]}]}]}`);
    await expect(decodeIn(threads, wide)).rejects.toMatchObject({ code: "upstream_too_large" });
    await threads.stop();
  });

  it("in a file is summed up and opened in a thread", async () => {
    const file = new TraceBytes({ kind: "summaries" }, { maxBytes: body.length });
    file.append(body);
    const { spanCount, summaries } = await file.decoded();
    expect(spanCount).toBe(SPAN_COUNT);
    expect(summaries).toMatchObject([{ traceId: TRACE_ID, spanCount: SPAN_COUNT }]);
  });
});

function decodeIn(threads: TraceThreads, bytes: Buffer) {
  const memory = new SharedArrayBuffer(bytes.length);
  bytes.copy(Buffer.from(memory));
  const decoding = threads.open(memory, { traceId: TRACE_ID, nowMs: 0 });
  decoding.grow(bytes.length, true);
  return decoding.result;
}
