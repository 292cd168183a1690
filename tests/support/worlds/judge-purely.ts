import { computeCriticalPath } from "@/features/traces/domain/diagnosis/critical-path";
import { diagnose } from "@/features/traces/domain/diagnosis/diagnose";
import { type Baseline, buildBaseline } from "@/features/traces/domain/paths/baseline";
import { foldTrace } from "@/features/traces/domain/paths/fold-trace";
import { PathTree } from "@/features/traces/domain/paths/path-tree";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { readHints } from "@/features/traces/server/diagnosis/read-hints";
import { type OpenTrace, toOpenTrace } from "@/features/traces/server/open-trace";
import { type TraceRecorder, toOtlpRequest } from "../trace-recorder";
import { Tally } from "./judge";
import { recordTrouble, TROUBLES } from "./record-world";
import type { Trouble } from "./trouble";
import { makeWorld, recordRequest, type World } from "./world";

/** Requests that take longer are trouble to whoever knows nothing of their past. */
const LONG_US = 400_000;
const START_MS = Date.parse("2026-11-20T10:00:00Z");

export async function openRecording(rec: TraceRecorder): Promise<OpenTrace> {
  const bytes = Buffer.from(JSON.stringify(toOtlpRequest(rec, START_MS)));
  return toOpenTrace(await decodeTraces(bytes), rec.traceId, 0);
}

/** Worlds of a seed: half of them in each of the conventions. */
export const worldsOf = (seed: number, count: number): World[] =>
  Array.from({ length: count }, (_, at) => makeWorld(seed * 1000 + at, at % 2 === 0 ? "old" : "new"));

export async function baselineOf(world: World, traceCount: number, troubledCount: number): Promise<Baseline> {
  const healthy = Array.from({ length: traceCount }, (_, at) => recordRequest(world, world.root, 10_000 + at));
  const troubled = TROUBLES.flatMap((trouble, at) => recordTrouble(world, trouble, 20_000 + at)?.rec ?? []).slice(
    0,
    troubledCount,
  );
  const tree = new PathTree();
  const traces = [];
  for (const rec of [...healthy, ...troubled]) {
    const { skeleton } = await openRecording(rec);
    traces.push(
      foldTrace({ traceId: rec.traceId, trace: skeleton, onPathUs: computeCriticalPath(skeleton).ownUs }, tree),
    );
  }
  return buildBaseline(
    { rootService: world.root.service, rootOperation: world.root.name },
    { nodes: tree.nodes, traces },
  );
}

type Options = {
  seed: number;
  worlds: number;
  baselineTraces: number;
  troubled: number;
  healthy: number;
  rounds: number;
};

/** Every trouble in every world of a seed, without a store: each second world's history holds troubled requests too. */
export async function judgePurely(options: Options, tally = new Tally()): Promise<Tally> {
  const { seed, worlds, baselineTraces, troubled } = options;
  for (const [place, world] of worldsOf(seed, worlds).entries()) {
    const baseline = await baselineOf(world, baselineTraces, place % 2 === 0 ? 0 : troubled);
    const situation = { world, baseline, place };
    for (let at = 0; at < TROUBLES.length * options.rounds; at += 1) await judgeTrouble(situation, options, at, tally);
    for (let at = 0; at < options.healthy; at += 1) await judgeHealthy(situation, options, at, tally);
  }
  return tally;
}

type Situation = { world: World; baseline: Baseline; place: number };

async function judgeTrouble({ world, baseline, place }: Situation, { seed }: Options, at: number, tally: Tally) {
  const trouble = TROUBLES[at % TROUBLES.length] as Trouble;
  // Nobody can tell 60 ms too many without history, nor whose seconds of a long request are too many.
  const hasHistory = (at + place) % 5 !== 0 || world.usualUs > LONG_US;
  const found = recordTrouble(world, trouble, seed * 100_000 + place * 1000 + at, hasHistory ? 60_000 : 500_000);
  if (found === undefined) return;
  const open = await openRecording(found.rec);
  const hints = readHints(open);
  const { findings } = diagnose(open.skeleton, hasHistory ? { baseline, hints } : { hints });
  tally.add({ ...found, findings, how: hasHistory ? "with history" : "without history" });
}

async function judgeHealthy({ world, baseline }: Situation, { seed }: Options, at: number, tally: Tally) {
  const { skeleton } = await openRecording(recordRequest(world, world.root, seed * 100_000 + 50_000 + at));
  tally.addHealthy({ world, findings: diagnose(skeleton, { baseline }).findings, how: "with history" });
  if (world.usualUs > LONG_US || at % 5 !== 0) return;
  tally.addHealthy({ world, findings: diagnose(skeleton).findings, how: "without history" });
}
