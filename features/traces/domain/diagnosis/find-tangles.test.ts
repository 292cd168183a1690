import { describe, expect, it } from "vitest";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { readHints } from "@/features/traces/server/diagnosis/read-hints";
import { toOpenTrace } from "@/features/traces/server/open-trace";
import { HOSTILE_TRACES, type HostileSpan, toOtlpDocument } from "@/tests/support/hostile-traces";
import { toExplainText } from "../terminal/explain-text";
import { type ReportFacts, toTraceReport } from "../verdict/trace-report";
import { diagnose } from "./diagnose";
import type { FindingsReply } from "./finding";

const TRACE_ID = "00000000000000000000000000000007";
const FACTS: ReportFacts = {
  rootService: "hostile-app",
  rootOperation: "root",
  durationUs: 1,
  traceId: TRACE_ID,
  traceUrl: "http://127.0.0.1/traces/7",
  startedAt: "now",
  facts: [],
  doubts: [],
  usual: undefined,
};

async function replyTo(spans: HostileSpan[]): Promise<FindingsReply> {
  const bytes = Buffer.from(JSON.stringify(toOtlpDocument({ title: "", spans }, TRACE_ID, 1_760_000_000_000_000)));
  const open = toOpenTrace(await decodeTraces(bytes), TRACE_ID, 0);
  const { verdict, findings, ...evidence } = diagnose(open.skeleton, { hints: readHints(open) });
  return { verdict, findings, evidence: { version: "", ...evidence } };
}

/** Kind and severity of each finding, and whether the terminal and the report say its sentence too. */
function told(reply: FindingsReply) {
  const unwrapped = toExplainText(reply, { width: 10_000 });
  const report = toTraceReport(FACTS, reply);
  return reply.findings.map(({ kind, severity, operation, sentence }) => ({
    is: `${kind} ${severity}`,
    operation,
    isEverywhere: unwrapped.includes(sentence) && report.includes(sentence.slice(0, 20)),
  }));
}

const NEGATIVE = "Negative duration detected";
const ROOT: HostileSpan = { id: 1, name: "root", startUs: 0, durationUs: 20_000 };

describe("spans that stand elsewhere than they were sent", () => {
  it("a ring of parents beside a root is a finding with each of its spans", async () => {
    const reply = await replyTo([
      ROOT,
      { id: 2, parent: 4, name: "A", startUs: 2_000, durationUs: 5_000 },
      { id: 3, parent: 2, name: "B", startUs: 3_000, durationUs: 3_000 },
      { id: 4, parent: 3, name: "C", startUs: 4_000, durationUs: 1_000 },
    ]);
    expect(told(reply)).toEqual([{ is: "missing-spans warning", operation: "A", isEverywhere: true }]);
    expect(reply.findings[0]?.spanIds).toHaveLength(3);
    expect(reply.findings[0]?.sentence).toMatch(/^3 spans, A first, lead back to themselves through their parents/);
  });

  it("a span that is its own parent is one too", async () => {
    const reply = await replyTo([ROOT, { id: 9, parent: 9, name: "itself", startUs: 50, durationUs: 700 }]);
    expect(reply.findings[0]?.sentence).toMatch(/^itself leads back to itself through its parents/);
  });

  it("several requests under one id are information, and the verdict says of which it is", async () => {
    const roots = Array.from({ length: 50 }, (_, at) => ({
      ...ROOT,
      id: at + 1,
      name: `root ${at}`,
      startUs: at * 10_000,
    }));
    const reply = await replyTo(roots);
    expect(told(reply)).toEqual([{ is: "missing-spans info", operation: "root 1", isEverywhere: true }]);
    expect(reply.verdict.requests).toEqual({ count: 50, wholeUs: 510_000 });
    expect(reply.verdict.sentence).toContain(
      "This is the first of 50 requests that share the trace id; all of them together run for 510\u202fms.",
    );
  });

  it("an id that several spans have is information", async () => {
    const reply = await replyTo(HOSTILE_TRACES.duplicates?.().spans ?? []);
    expect(told(reply).at(-1)).toMatchObject({ is: "missing-spans info", isEverywhere: true });
    expect(reply.findings.at(-1)?.sentence).toMatch(/^3,000 spans, same \d first, share their ids/);
    expect(reply.evidence.spanCounts.at(-1)).toBe(3_000);
  });

  it("a span that ends before it starts is a finding, last, and its details say so", async () => {
    const backwards: HostileSpan[] = [ROOT, { id: 2, parent: 1, name: "neg", startUs: 9_000, durationUs: -500 }];
    expect(told(await replyTo(backwards))).toEqual([
      { is: "clock-skew warning", operation: "neg", isEverywhere: true },
    ]);
    const reply = await replyTo(HOSTILE_TRACES.backwards?.().spans ?? []);
    expect(reply.findings.at(-1)?.sentence).toMatch(/^20 spans, back 0 first, end before they start/);
    expect(reply.findings.at(-1)?.spanIds).toHaveLength(20);
  });

  it("a span that the source put right says so in the source's words", async () => {
    const warned = {
      key: "@jaeger@warnings",
      value: { arrayValue: { values: [{ stringValue: `${NEGATIVE}, sanitizing` }] } },
    };
    const reply = await replyTo([
      ROOT,
      { id: 2, parent: 1, name: "neg", startUs: 9_000, durationUs: 0, attributes: [warned] },
    ]);
    expect(told(reply)).toEqual([{ is: "clock-skew warning", operation: "neg", isEverywhere: true }]);
  });

  it("work taken up from a queue in a tree of its own is no second request", async () => {
    const queue = [{ key: "messaging.destination.name", value: { stringValue: "mails" } }];
    const reply = await replyTo([
      ROOT,
      { id: 2, parent: 1, name: "mails publish", kind: 4, startUs: 1_000, durationUs: 500, attributes: queue },
      { id: 3, name: "mails process", kind: 5, startUs: 9_000, durationUs: 500, attributes: queue },
    ]);
    expect(reply.findings).toEqual([]);
    expect(reply.verdict.requests).toBeUndefined();
  });

  it("a span whose parent is lost runs in the work left to a queue, whose time then is not unaccounted for", async () => {
    const reply = await replyTo([
      ROOT,
      { id: 2, parent: 1, name: "mails publish", kind: 4, startUs: 1_000, durationUs: 500 },
      { id: 3, parent: 2, name: "mails process", kind: 5, startUs: 30_000, durationUs: 1_300_000 },
      { id: 4, parent: 3, name: "render", startUs: 40_000, durationUs: 200_000 },
      { id: 5, parent: 99, name: "GET /address", kind: 2, startUs: 300_000, durationUs: 900_000 },
    ]);
    expect(reply.findings.map(({ kind, operation }) => `${kind} ${operation}`)).toContain("missing-spans GET /address");
    expect(reply.findings.map(({ kind }) => kind)).not.toContain("unaccounted-time");
  });
});
