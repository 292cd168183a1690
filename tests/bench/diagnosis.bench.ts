import { loadavg } from "node:os";
import { diagnose } from "@/features/traces/domain/diagnosis/diagnose";
import type { TraceSkeleton } from "@/features/traces/domain/trace-skeleton";
import { seededRandom } from "@/tests/support/seeded-random";
import { type SpanSpec, skeletonOf } from "@/tests/support/skeleton-of";

/**
 * Diagnosing a trace of 100,000 spans without history, in its worst shapes. Best of five; beside the wall the processor's
 * time, which a busy machine stretches less.
 */
const SPAN_COUNT = 100_000;
const BUDGET_MS = 150;
const ROUNDS = 5;

const random = seededRandom(1);
const query = (at: number, start: number): SpanSpec => ({
  name: "SELECT projects",
  kind: "client",
  category: "database",
  detail: `SELECT * FROM projects WHERE id = ${at % 1000}`,
  start,
  duration: 90,
});

const SHAPES: Record<string, () => TraceSkeleton> = {
  "a tree of requests": () => {
    let left = SPAN_COUNT - 1;
    const grow = (start: number, duration: number, depth: number): SpanSpec[] => {
      const children: SpanSpec[] = [];
      for (let at = start; at < start + duration - 200 && left > 0 && depth < 9; ) {
        const length = Math.min(start + duration - at, 100 + Math.floor((duration / 4) * random.next()));
        left -= 1;
        const isCall = random.next() < 0.4;
        const name = `${isCall ? "GET" : "work"} ${random.between(0, 40)}`;
        children.push({
          name,
          start: at,
          duration: length,
          service: `s${random.between(0, 6)}`,
          kind: isCall ? "client" : "internal",
          children: isCall ? [] : grow(at, length, depth + 1),
        });
        at += Math.floor(length * (random.next() < 0.2 ? 0.5 : 1.05));
      }
      return children;
    };
    const duration = 120_000_000;
    return skeletonOf({ name: "root", duration, kind: "server", children: grow(0, duration, 0) });
  },
  "100,000 queries in a loop": () =>
    skeletonOf({
      name: "root",
      duration: SPAN_COUNT * 100,
      kind: "server",
      children: Array.from({ length: SPAN_COUNT - 1 }, (_, at) => query(at, at * 100)),
    }),
  "100,000 at once": () =>
    skeletonOf({
      name: "root",
      duration: SPAN_COUNT * 100,
      kind: "server",
      children: Array.from({ length: SPAN_COUNT - 1 }, (_, at) => ({
        ...query(at, at % 100),
        duration: 1000 + ((at * 7919) % (SPAN_COUNT * 50)),
      })),
    }),
  "loops of 50 in requests": () =>
    skeletonOf({
      name: "root",
      duration: SPAN_COUNT * 100,
      kind: "server",
      children: Array.from({ length: SPAN_COUNT / 52 }, (_, request) => ({
        name: `GET /part/${request % 9}`,
        service: `part${request % 5}`,
        kind: "server" as const,
        start: request * 5200,
        duration: 5100,
        children: Array.from({ length: 51 }, (_, at) => ({ ...query(at, request * 5200 + at * 100), duration: 90 })),
      })),
    }),
  "100,000 deep": () => {
    let chain: SpanSpec = { name: "end", start: SPAN_COUNT, duration: 1000 };
    for (let depth = SPAN_COUNT - 1; depth > 0; depth -= 1)
      chain = { name: `call ${depth % 7}`, start: depth, duration: 2 * SPAN_COUNT - depth, children: [chain] };
    return skeletonOf(chain);
  },
};

console.log(`diagnosis: ${SPAN_COUNT.toLocaleString("en-US")} spans, load ${loadavg()[0]?.toFixed(1)}`);
let isMissed = false;
for (const [shape, make] of Object.entries(SHAPES)) {
  const trace = make();
  let bestMs = Number.POSITIVE_INFINITY;
  let bestCpuMs = Number.POSITIVE_INFINITY;
  let findings = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    findings = diagnose(trace).findings.length;
    bestMs = Math.min(bestMs, performance.now() - startedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    bestCpuMs = Math.min(bestCpuMs, (user + system) / 1000);
  }
  const ratio = bestMs / BUDGET_MS;
  isMissed ||= ratio > 1;
  const figures = `${bestMs.toFixed(0)} of ${BUDGET_MS} ms (${ratio.toFixed(2)} of the budget), processor ${bestCpuMs.toFixed(0)} ms`;
  console.log(`  ${shape.padEnd(26)} ${figures}, ${trace.spanCount} spans, ${findings} findings`);
}
process.exitCode = isMissed ? 1 : 0;
