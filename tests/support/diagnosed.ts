import { computeCriticalPath } from "@/features/traces/domain/diagnosis/critical-path";
import { type Diagnosis, diagnose } from "@/features/traces/domain/diagnosis/diagnose";
import { type Baseline, buildBaseline } from "@/features/traces/domain/paths/baseline";
import { joinSamples, toDayBefore } from "@/features/traces/domain/paths/day-before";
import { foldTrace } from "@/features/traces/domain/paths/fold-trace";
import { PathTree } from "@/features/traces/domain/paths/path-tree";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { readHints } from "@/features/traces/server/diagnosis/read-hints";
import { type OpenTrace, toOpenTrace } from "@/features/traces/server/open-trace";
import { type TraceRecorder, toOtlpRequest } from "./trace-recorder";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const DAY_MS = 24 * 3_600_000;

export async function openRecorded(rec: TraceRecorder, startMs = START_MS): Promise<OpenTrace> {
  const bytes = Buffer.from(JSON.stringify(toOtlpRequest(rec, startMs)));
  return toOpenTrace(await decodeTraces(bytes), rec.traceId, 0);
}

type Recorded = { rec: TraceRecorder; version?: string };

/** What is usual, from recordings a minute apart in the order given; a version is the release that served one. */
export async function historyOf(recorded: readonly Recorded[], dayBefore: readonly Recorded[] = []): Promise<Baseline> {
  const root = recorded[0]?.rec.spans[0];
  const of = { rootService: root?.service ?? "", rootOperation: root?.name ?? "" };
  const sample = await fold(recorded, START_MS);
  if (dayBefore.length === 0) return buildBaseline(of, sample);
  const quicker = joinSamples(sample, await fold(dayBefore, START_MS - DAY_MS));
  const took = quicker.traces.map(({ durationUs }) => durationUs);
  return buildBaseline(of, sample, toDayBefore(took, quicker));
}

async function fold(recorded: readonly Recorded[], endMs: number) {
  const tree = new PathTree();
  const traces = [];
  for (const [at, { rec, version }] of recorded.entries()) {
    const { skeleton } = await openRecorded(rec, endMs - (recorded.length - at) * 60_000);
    const traits = version === undefined ? {} : { "service.version": version };
    const onPathUs = computeCriticalPath(skeleton).ownUs;
    traces.push(foldTrace({ traceId: rec.traceId, trace: skeleton, onPathUs, traits }, tree));
  }
  return { nodes: tree.nodes, traces };
}

/** The diagnosis of a recording, read as the console reads it. */
export async function diagnoseRecorded(rec: TraceRecorder, baseline?: Baseline): Promise<Diagnosis> {
  const open = await openRecorded(rec);
  return diagnose(open.skeleton, { baseline, hints: readHints(open) });
}

/** Kind, operation and severity of what is above information. */
export const loudOf = ({ findings }: Diagnosis) =>
  findings
    .filter(({ severity }) => severity !== "info")
    .map(({ kind, operation, severity }) => ({ kind, operation, severity }));
