import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceSearchReplySchema, traceSearchSchema } from "@/features/traces/contract";
import { readSpan } from "@/features/traces/server/decoding/read-span";
import { JaegerSource } from "@/features/traces/server/jaeger/jaeger-source";
import { searchSource } from "@/features/traces/server/search-traces";
import { TraceLibrary } from "@/features/traces/server/trace-library";

/** A Jaeger under test and what is known to be in it. */
export type JaegerUnderTest = {
  url: string;
  kind: "v3" | "legacy";
  service: string;
  /** An operation of that service. */
  operation: string;
  traceId: string;
  spanCount: number;
  /** An hour that holds the trace. */
  start: number;
  end: number;
  close: () => Promise<void>;
};

/** What the console needs of any Jaeger, whichever generation and whoever wrote it. */
export function describeTraceSource(title: string, start: () => Promise<JaegerUnderTest>): void {
  describe(title, () => {
    let jaeger: JaegerUnderTest;
    let source: JaegerSource;

    beforeAll(async () => {
      jaeger = await start();
      source = new JaegerSource({ url: jaeger.url });
    });
    afterAll(async () => {
      await source.close();
      await jaeger.close();
    });

    const search = (input: Record<string, unknown>) =>
      searchSource(source, traceSearchSchema.parse({ start: jaeger.start, end: jaeger.end, ...input }), {
        nowMs: jaeger.end,
      });

    it("lists services by name", async () => {
      const services = await source.listServices();
      expect(services).toContain(jaeger.service);
      expect(services).toEqual([...services].sort());
    });

    it("lists the operations of a service with their kinds", async () => {
      const operations = await source.listOperations(jaeger.service);
      expect(operations.map(({ name }) => name)).toContain(jaeger.operation);
      expect(operations.some(({ spanKind }) => spanKind === "server")).toBe(true);
    });

    it("finds traces of a service, newest first, whole and in our own words", async () => {
      const reply = traceSearchReplySchema.parse(await search({ service: jaeger.service, limit: 1500 }));
      expect(reply.source.kind).toBe(jaeger.kind);
      expect(reply.summaries.length).toBeGreaterThan(0);
      const starts = reply.summaries.map(({ startUs }) => startUs);
      expect(starts).toEqual([...starts].sort((a, b) => b - a));
      expect(reply.summaries.find(({ traceId }) => traceId === jaeger.traceId)).toMatchObject({
        spanCount: jaeger.spanCount,
        rootService: jaeger.service,
      });
      for (const { services, spanCount } of reply.summaries) {
        expect(services.reduce((sum, service) => sum + service.spanCount, 0)).toBe(spanCount);
      }
    });

    it("says so when more traces match than were asked for", async () => {
      const reply = await search({ service: jaeger.service, limit: 2 });
      expect(reply.summaries).toHaveLength(2);
      expect(reply.truncated).toBe(true);
      expect(reply.notes.map(({ code }) => code)).toContain("more_exist");
    });

    it("searches without a service, whatever that takes", async () => {
      const reply = await search({ limit: 50 });
      expect(reply.summaries.length).toBeGreaterThan(0);
    });

    it("lets no trace outside the asked durations through", async () => {
      const reply = await search({ service: jaeger.service, minDurationUs: 100_000, maxDurationUs: 60_000_000 });
      expect(reply.summaries.every(({ durationUs }) => durationUs >= 100_000)).toBe(true);
      expect(reply.notes.map(({ code }) => code)).toContain("duration_matches_spans");
    });

    it("reads a whole trace and each of its spans", async () => {
      const { trace, origin } = await new TraceLibrary(source).open(jaeger.traceId);
      expect(trace.skeleton.spanCount).toBe(jaeger.spanCount);
      expect(trace.facts).toMatchObject({ rootService: jaeger.service, orphanSpanCount: 0, cycleSpanCount: 0 });
      expect(origin).toMatchObject({ kind: "jaeger", isFromCache: false });
      for (let row = 0; row < trace.skeleton.spanCount; row += 1) {
        const span = readSpan(trace, row);
        expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
        expect(span.resource.find(({ key }) => key === "service.name")?.value).toBe(span.service);
        expect(span.attributes.length).toBeGreaterThan(0);
      }
    });

    it("gives the trace as a file in both formats, with the same spans", async () => {
      const library = new TraceLibrary(source);
      const { trace } = await library.open(jaeger.traceId);
      const legacy = await source.readTraceAs(jaeger.traceId, "jaeger");
      const { data } = JSON.parse(String(legacy)) as { data: { spans: { spanID: string }[] }[] };
      expect(data[0]?.spans.map(({ spanID }) => spanID).sort()).toEqual(
        Array.from({ length: trace.skeleton.spanCount }, (_, row) => readSpan(trace, row).spanId).sort(),
      );
    });

    it("answers not found for a trace that is not there", async () => {
      const missing = new TraceLibrary(source).open("0123456789abcdef0123456789abcdef");
      await expect(missing).rejects.toMatchObject({ code: "not_found" });
    });

    it("reports itself up, with its kind", async () => {
      expect(await source.status()).toMatchObject({ state: "up", kind: jaeger.kind, downSince: null, reason: null });
    });
  });
}
