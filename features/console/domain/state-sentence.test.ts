import { describe, expect, it } from "vitest";
import type { Health } from "@/lib/console-contract";
import { s3Migration } from "@/tests/support/console-neighbours";
import { digestReply } from "@/tests/support/digest-reply";
import type { TraceSource } from "./neighbours";
import { s3MigrationCounts } from "./s3-migration-share";
import { stateSentence } from "./state-sentence";
import { toTraceDigest } from "./trace-digest";

const NOTHING = {
  health: undefined,
  traceSource: undefined,
  isTraceSourceSilent: false,
  traces: undefined,
  migrations: undefined,
  runs: undefined,
  deploys: [],
  windowText: "the last 1 h",
};

const traces = (errorCount: number, count: number, coverage = {}) =>
  toTraceDigest(
    digestReply({
      operations: [{ operation: "GET /users/:id", count, errorCount, p50Us: 2_310_000, maxUs: 2_310_000 }],
      coverage,
    }),
  );

/** Many traces of one operation that wait more together than the one slowest of another. */
const slowOnce = () =>
  toTraceDigest(
    digestReply({
      operations: [
        { operation: "GET /", count: 10, sumUs: 10e6, maxUs: 1e6 },
        { operation: "POST /imports", sumUs: 9e6, maxUs: 9e6, slowestTraceId: "slow" },
      ],
    }),
  );

describe("stateSentence", () => {
  it("does not call it well when nothing could be read", () => {
    expect(stateSentence(NOTHING).headline).toEqual({
      tone: "bad",
      text: "The figures of this page cannot be read.",
    });
  });

  it("leads to the slowest trace of all, not of the operation with the most waiting", () => {
    const { actions } = stateSentence({ ...NOTHING, traces: slowOnce() });
    expect(actions[0]).toEqual({ label: "Slowest trace, 9.00\u202fs", href: "/traces/slow" });
  });

  it("claims nothing when nothing was measured", () => {
    expect(stateSentence({ ...NOTHING, migrations: [], runs: [] })).toEqual({
      headline: { tone: "neutral", text: "Nothing has been measured yet." },
      others: [],
      actions: [],
    });
    const { read } = slowOnce();
    const none = { ...slowOnce(), count: 0, errorCount: 0, operations: [] };
    expect(stateSentence({ ...NOTHING, traces: none }).headline).toMatchObject({
      tone: "neutral",
      text: expect.stringMatching(/^No trace came in /),
    });
    const half = { ...none, read: { ...read, isWhole: false } };
    expect(stateSentence({ ...NOTHING, traces: half }).headline).toMatchObject({
      tone: "running",
      text: expect.stringMatching(/ are still being read\.$/),
    });
  });

  it("says how many of how many failed, and where most of them are", () => {
    const { headline } = stateSentence({ ...NOTHING, traces: traces(3, 10) });
    expect(headline).toEqual({
      tone: "bad",
      text: "3 of 10 traces of the last 1 h failed (30\u202f%), all in GET /users/:id (web).",
    });
  });

  it("says so when the figures are of a part of the window", () => {
    const { headline } = stateSentence({ ...NOTHING, traces: traces(0, 4, { complete: 0.5, filling: "running" }) });
    expect(headline.text).toBe("No errors in 4 traces read so far of the last 1 h.");
  });

  it("says that nothing failed, and still what waits most", () => {
    const { headline, others } = stateSentence({ ...NOTHING, traces: traces(0, 4) });
    expect(headline).toEqual({ tone: "ok", text: "No errors in 4 traces of the last 1 h." });
    expect(others[0]?.text).toContain("Most waiting: GET /users/:id");
  });

  const databaseDown: Health = {
    status: "down",
    components: [{ name: "database", status: "down", detail: "does not answer" }],
  };

  it("keeps no figures 'as they were' where there are none, and blames no Jaeger for its own database", () => {
    const traceSource: TraceSource = {
      state: "down",
      host: "127.0.0.1:16686",
      latencyMs: null,
      isEmbedded: true,
      downSince: null,
      reason: "It answers with status 503.",
    };
    expect(stateSentence({ ...NOTHING, health: databaseDown, traceSource })).toMatchObject({
      headline: { tone: "bad", text: "The database does not answer: nothing can be read or changed until it does." },
      others: [],
    });
  });

  it("says of a database that is down what of the page is old", () => {
    const { headline } = stateSentence({ ...NOTHING, health: databaseDown, traces: traces(0, 4) });
    expect(headline.text).toContain("figures stay as they were, runs and S3 migrations cannot be changed");
  });

  const sinceMs = Date.parse("2026-11-23T12:52:00Z");
  const slower = (over = {}) =>
    toTraceDigest(
      digestReply({
        operations: [
          { operation: "GET /", count: 400, sumUs: 9e9, errorCount: 6 },
          {
            operation: "GET /users/:id",
            count: 300,
            sumUs: 5e9,
            slowdown: {
              sinceUs: sinceMs * 1000,
              usual: { count: 200, p50Us: 100_000, p95Us: 410_000 },
              now: { count: 150, p50Us: 300_000, p95Us: 1_180_000 },
              addedUs: 9e6,
              parts: [],
              ...over,
            },
          },
        ],
      }),
    );

  it("tells errors that requests survived apart from those that failed", () => {
    const withMended = (errorCount: number) => {
      const operations = [{ count: 100, errorCount }];
      return stateSentence({ ...NOTHING, traces: toTraceDigest(digestReply({ operations, mendedCount: 50 })) });
    };
    const [failed, survived] = [withMended(1), withMended(0)].map(({ headline, others }) => [headline, ...others]);
    expect(failed?.[0]?.text).toMatch(/^1 of 100 traces of the last 1 h failed/);
    expect(failed?.[1]).toEqual({ tone: "ok", text: "50 more have an error inside that the request survived." });
    expect(survived?.slice(0, 2).map(({ tone, text }) => `${tone} ${text}`)).toEqual([
      "ok None of 100 traces of the last 1 h failed.",
      "ok 50 have an error inside that the request survived.",
    ]);
  });

  it("names the operation that became slower before a few errors, with what is usual and the deploy it began with", () => {
    const deploys = [{ id: "d1", service: "web", version: "4f1c9e2", atMs: sinceMs - 60_000 }];
    const { headline, others, actions } = stateSentence({ ...NOTHING, traces: slower(), deploys });
    expect(headline.tone).toBe("bad");
    expect(headline.text).toMatch(
      /^GET \/users\/:id \(web\) has been slow since \d\d:\d\d: p95 1\.18\u202fs, usually 410\u202fms\.$/,
    );
    expect(others[0]?.text).toBe("It began with the deploy of 4f1c9e2.");
    expect(others[1]?.text).toMatch(/failed/);
    expect(actions[0]?.label).toBe("Slowest of GET /users/:id");
    expect(actions[0]?.href).toContain("operation=GET+%2Fusers%2F%3Aid");
  });

  it("blames no deploy that is not known", () => {
    const { others } = stateSentence({ ...NOTHING, traces: slower() });
    expect(others.map(({ text }) => text).join(" ")).not.toContain("deploy");
  });

  it("puts a database that is down before traces with errors", () => {
    const { headline, others } = stateSentence({
      ...NOTHING,
      traces: traces(1, 100),
      health: { status: "down", components: [{ name: "database", status: "down", detail: "is not reachable" }] },
    });
    expect(headline.text).toMatch(/^The database is not reachable: /);
    expect(others[0]?.tone).toBe("warn");
  });

  it("says why traces cannot be read", () => {
    const traceSource = {
      state: "down",
      host: "jaeger:16686",
      latencyMs: null,
      isEmbedded: false,
      downSince: null,
      reason: "Jaeger at jaeger:16686 does not answer.",
    } as const;
    expect(stateSentence({ ...NOTHING, traceSource }).headline).toEqual({
      tone: "bad",
      text: "Traces cannot be read: Jaeger at jaeger:16686 does not answer.",
    });
  });

  it("says since when traces cannot be read, and names our own collector", () => {
    const traceSource = {
      state: "down",
      host: "127.0.0.1:16686",
      latencyMs: null,
      isEmbedded: true,
      downSince: "2026-11-23T12:52:00Z",
      reason: "The console's own collector did not answer in time (10 s).",
    } as const;
    expect(stateSentence({ ...NOTHING, traceSource }).headline.text).toMatch(
      /^Traces cannot be read since \d\d:\d\d: the console's own collector did not answer in time \(10 s\)\.$/,
    );
  });

  it("says since when a part of the console is silent, and what becomes of spans that are sent meanwhile", () => {
    const since = "2026-11-23T12:52:00Z";
    const { headline } = stateSentence({
      ...NOTHING,
      health: {
        status: "degraded",
        components: [{ name: "collector", status: "degraded", detail: "says nothing", since }],
      },
    });
    expect(headline.text).toMatch(
      /^The collector says nothing since \d\d:\d\d: new spans are not taken in, senders have to try again\.$/,
    );
  });

  it("does not ask after the trace source while the database is what does not answer", () => {
    const since = "2026-11-23T12:52:00Z";
    const { headline, others } = stateSentence({
      ...NOTHING,
      isTraceSourceSilent: true,
      health: { status: "down", components: [{ name: "database", status: "down", detail: "does not answer", since }] },
    });
    expect(headline.text).toMatch(/^The database does not answer since \d\d:\d\d: nothing can be read/);
    expect(others).toEqual([]);
  });

  it("never calls it well that the trace source is silent", () => {
    const silent = { ...NOTHING, isTraceSourceSilent: true, migrations: [], runs: [] };
    expect(stateSentence(silent).headline).toEqual({ tone: "warn", text: "The trace source does not answer." });
    expect(stateSentence({ ...silent, traces: traces(0, 3) }).headline.text).toBe(
      "The trace source does not answer; what is shown of traces is the last it told.",
    );
  });

  // With a full disk the source answered in 806 ms, and was said not to.
  it("does not say of a source that was heard that it does not answer", () => {
    const traceSource = {
      state: "up" as const,
      host: "127.0.0.1:16686",
      latencyMs: 806,
      isEmbedded: true,
      downSince: null,
      reason: null,
    };
    const heard = { ...NOTHING, traceSource, isTraceSourceSilent: true };
    expect(stateSentence(heard).headline.text).toBe("Newer traces cannot be read at the moment.");
    expect(stateSentence({ ...heard, traces: traces(0, 3) }).headline.text).toBe(
      "Newer traces cannot be read at the moment; what is shown of them is from before.",
    );
  });

  it("offers the stopped migration first", () => {
    const stopped = { message: "More than 5 % failed.", at: "" };
    const { headline, actions } = stateSentence({
      ...NOTHING,
      migrations: [s3Migration({ state: "auto_stopped", stopped })],
    });
    expect(headline.text).toBe("Preview images stopped: More than 5 % failed.");
    expect(actions[0]).toEqual({ label: "Open Preview images", href: "/s3-migrations/m1" });
  });

  it("counts what is to be decided as the card of S3 migrations does: a file gone at the source is no decision", () => {
    const counts = { failed: 2, source_changed: 1, missing_source: 5 };
    const { headline } = stateSentence({ ...NOTHING, migrations: [s3Migration({ counts })] });
    const { toDecide } = s3MigrationCounts(s3Migration({ counts }));
    expect(headline.text).toBe(`Preview images: ${toDecide} objects need a decision.`);
    expect(toDecide).toBe(3);
  });

  it("asks for a decision about failures of a migration that goes on", () => {
    const { headline } = stateSentence({
      ...NOTHING,
      migrations: [s3Migration({ counts: { failed: 1, conflict: 1 } })],
    });
    expect(headline).toEqual({ tone: "warn", text: "Preview images: 2 objects need a decision." });
  });
});
