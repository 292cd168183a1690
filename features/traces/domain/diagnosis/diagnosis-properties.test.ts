import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "@/tests/support/seeded-random";
import type { TraceRecorder } from "@/tests/support/trace-recorder";
import { openRecording, worldsOf } from "@/tests/support/worlds/judge-purely";
import { recordTrouble, TROUBLES } from "@/tests/support/worlds/record-world";
import { readHints } from "../../server/diagnosis/read-hints";
import { putClocksRight } from "../put-clocks-right";
import { SpanTable } from "../span-table";
import type { TraceSkeleton } from "../trace-skeleton";
import { diagnose } from "./diagnose";

const YEAR_US = 365 * 24 * 3600e6;
const SPANS = 40;

/** Any spans: ids that repeat, parents that are missing, themselves or in a circle, ends before starts, clocks a year off. */
const anySpans = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: SPANS }),
    parent: fc.integer({ min: 0, max: SPANS + 4 }),
    start: fc.oneof(fc.integer({ min: 0, max: 4e6 }), fc.constant(YEAR_US), fc.constant(-YEAR_US)),
    duration: fc.oneof(fc.integer({ min: -1000, max: 3e6 }), fc.constant(0)),
    kind: fc.integer({ min: 0, max: 5 }),
    category: fc.integer({ min: 0, max: 6 }),
    name: fc.integer({ min: 0, max: 3 }),
    service: fc.integer({ min: 0, max: 2 }),
    isError: fc.boolean(),
  }),
  { maxLength: SPANS },
);
type AnySpan = typeof anySpans extends fc.Arbitrary<(infer S)[]> ? S : never;

function build(spans: readonly AnySpan[]): TraceSkeleton {
  const table = new SpanTable();
  for (const { id, parent, start, duration, kind, category, name, service, isError } of spans) {
    table.add({
      idHigh: 0,
      idLow: id,
      parentHigh: 0,
      parentLow: parent,
      startUs: 2 * YEAR_US + start,
      endUs: 2 * YEAR_US + start + Math.max(0, duration),
      name: `call ${"abcd"[name]}`,
      detail: name === 3 ? "default" : "",
      waitsFor: "",
      kind,
      category,
      flags: isError ? 1 : 0,
      group: service,
      scope: -1,
      byteStart: 0,
      byteEnd: 0,
    });
  }
  return putClocksRight(table, ["web", "api", "jobs"]).skeleton;
}

const instant: AnySpan = {
  id: 1,
  parent: 0,
  start: 1,
  duration: 0,
  kind: 0,
  category: 0,
  name: 0,
  service: 0,
  isError: false,
};
/** A consumer, its own parent, that began before the request which left its work. */
const takenBeforeLeft: AnySpan[] = [
  { ...instant, parent: 1, start: 0, duration: 2, kind: 5 },
  instant,
  { ...instant, id: 2, parent: 2, start: -YEAR_US },
];

describe("diagnose, whatever the trace", () => {
  it("adds up to the microsecond, saves no more than the whole and says the same twice", () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const trace = build(spans);
        const hints = {
          resentRows: new Set([1, 2]),
          producerOfRow: new Map([
            [2, 1],
            [1, 2],
            [3, 3],
          ]),
        };
        const { verdict, findings, savedDurationsUs } = diagnose(trace, { hints });
        expect(verdict.clauses.reduce((sum, { timeUs }) => sum + timeUs, 0)).toBe(verdict.durationUs);
        expect(verdict.clauses.every(({ timeUs }) => timeUs >= 0)).toBe(true);
        const saved = findings.map(({ savesUs }) => savesUs);
        expect(saved.reduce((sum, us) => sum + us, 0)).toBeLessThanOrEqual(verdict.durationUs);
        for (const leftUs of savedDurationsUs) expect(leftUs).toBeLessThanOrEqual(verdict.durationUs);
        expect(diagnose(build(spans), { hints })).toEqual(diagnose(trace, { hints }));
      }),
      { numRuns: 500, examples: [[takenBeforeLeft]] },
    );
  });
});

const world = worldsOf(7, 1)[0];
const cases = TROUBLES.flatMap((trouble, at) => {
  const found = world && recordTrouble(world, trouble, 700 + at);
  return found === undefined ? [] : [{ name: `${trouble.kind} (${trouble.shape})`, rec: found.rec }];
});

async function diagnoseRecording(rec: TraceRecorder) {
  const open = await openRecording(rec);
  return diagnose(open.skeleton, { hints: readHints(open) });
}

/** "0.12 s" and "120 ms" as a whole number of the smallest unit a sum is told in. */
const unitsOf = (text: string) => Number(text.replace(".", "").replace(/^0+(?=\d)/, ""));

describe("diagnose, of each kind of trouble", () => {
  it.each(cases)("tells a sum that adds up as it is read of $name", async ({ rec }) => {
    const { verdict } = await diagnoseRecording(rec);
    const [, total = "", rest = ""] = /^([\d.]+)\u202f\S+ = ([^;]*)/.exec(verdict.sentence) ?? [];
    if (total === "") return;
    const parts = [...` + ${rest}`.matchAll(/ \+ ([\d.]+)(?:\u202f(?:s|ms|µs))? /g)].map(([, figure = ""]) => figure);
    expect(parts).toHaveLength(verdict.clauses.length);
    expect(parts.reduce((sum, figure) => sum + unitsOf(figure), 0)).toBe(unitsOf(total));
  });

  it.each(cases)("does not care in which order the spans of $name came", async ({ rec }) => {
    const told = await diagnoseRecording(rec);
    const random = seededRandom(5);
    const shuffled = rec.spans
      .map((span) => ({ span, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ span }) => span);
    const again = await diagnoseRecording({
      ...rec,
      traceId: rec.traceId,
      spans: shuffled,
    } as unknown as TraceRecorder);
    expect(again.findings).toEqual(told.findings);
    expect(again.verdict.sentence).toBe(told.verdict.sentence);
  });

  it.each(cases)("says the same first of $name when a quick job is left to a queue beside it", async ({ rec }) => {
    const [before] = (await diagnoseRecording(rec)).findings;
    const [root] = rec.spans;
    if (root === undefined) return;
    const startUs = root.startUs + Math.round((root.endUs - root.startUs) / 3);
    const added = { ...root, attributes: {}, isError: false, startUs, endUs: startUs + 50 };
    const spans = [
      ...rec.spans,
      {
        ...added,
        spanId: "feedfacefeedface",
        parentSpanId: root.spanId,
        name: "metrics flush",
        kind: 5,
        service: "metrics",
      },
    ];
    const { findings } = await diagnoseRecording({ traceId: rec.traceId, spans } as unknown as TraceRecorder);
    const named = (finding: typeof before) => finding && [finding.kind, finding.service, finding.operation];
    expect(named(findings[0])).toEqual(named(before));
  });
});
