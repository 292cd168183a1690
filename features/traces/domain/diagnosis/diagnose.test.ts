import { beforeAll, describe, expect, it } from "vitest";
import { decodeTraces } from "@/features/traces/server/decoding/decode-traces";
import { toOpenTrace } from "@/features/traces/server/open-trace";
import {
  CONVENTIONS,
  type LabelledTrace,
  recordFault,
  recordHealthy,
  TRACED_APPS,
} from "@/tests/support/labelled-traces";
import { FAULTS } from "@/tests/support/trace-faults";
import { type TraceRecorder, toOtlpRequest } from "@/tests/support/trace-recorder";
import { type Baseline, buildBaseline } from "../paths/baseline";
import { foldTrace } from "../paths/fold-trace";
import { PathTree } from "../paths/path-tree";
import type { TraceSkeleton } from "../trace-skeleton";
import { computeCriticalPath } from "./critical-path";
import { diagnose } from "./diagnose";
import { FINDING_KINDS, findingsReplySchema } from "./finding";

const START_MS = Date.parse("2026-11-20T10:00:00Z");
const BASELINE_TRACES = 100;
const SEEDS = [1, 2, 3];
const HEALTHY_TRACES = 60;

async function decode(recorder: TraceRecorder): Promise<TraceSkeleton> {
  const bytes = Buffer.from(JSON.stringify(toOtlpRequest(recorder, START_MS)));
  return toOpenTrace(await decodeTraces(bytes), recorder.traceId, 0).skeleton;
}

async function baselineOf(
  app: (typeof TRACED_APPS)[number],
  conventions: (typeof CONVENTIONS)[number],
): Promise<Baseline> {
  const tree = new PathTree();
  const traces = [];
  for (let seed = 0; seed < BASELINE_TRACES; seed += 1) {
    const trace = await decode(recordHealthy({ app, conventions, seed: 10_000 + seed }));
    traces.push(foldTrace({ traceId: String(seed), trace, onPathUs: computeCriticalPath(trace).ownUs }, tree));
  }
  const { service, operation } = app.root;
  return buildBaseline({ rootService: service, rootOperation: operation }, { nodes: tree.nodes, traces });
}

const baselines = new Map<string, Baseline>();
const keyOf = (app: { name: string }, conventions: string) => `${app.name} ${conventions}`;

beforeAll(async () => {
  for (const app of TRACED_APPS) {
    for (const conventions of CONVENTIONS) baselines.set(keyOf(app, conventions), await baselineOf(app, conventions));
  }
});

type Judged = { kind: string; isRight: boolean; told: string };

async function judge(
  { recorder, label, variant }: LabelledTrace,
  baseline: Baseline | undefined,
  name: string,
): Promise<Judged> {
  const { findings, verdict } = diagnose(await decode(recorder), { baseline });
  const [top] = findings;
  const isRight = top?.kind === label.kind && top.service === label.service && top.operation === label.operation;
  const told = findings.map((f) => `${f.severity} ${f.kind} ${f.service}/${f.operation} ${f.savesUs}`).join(" | ");
  return {
    kind: label.kind,
    isRight,
    told: `${name} ${label.kind} (${variant}) ${label.service}/${label.operation}\n     got ${told || "nothing"}\n     ${verdict.sentence}`,
  };
}

const situations = TRACED_APPS.flatMap((app) => CONVENTIONS.map((conventions) => ({ app, conventions })));

async function judgeAll(): Promise<Judged[]> {
  const judged: Judged[] = [];
  const cases = situations.flatMap((situation) =>
    FAULTS.flatMap((fault) => SEEDS.map((seed) => ({ ...situation, fault, seed }))),
  );
  for (const { fault, ...how } of cases) {
    const labelled = recordFault(fault, how);
    const name = keyOf(how.app, how.conventions);
    judged.push(await judge(labelled, baselines.get(name), `${name} with history`));
    judged.push(await judge(labelled, undefined, `${name} without history`));
  }
  return judged;
}

describe("diagnose", () => {
  it("names kind, service and operation of at least 95 % of the injected faults, with and without history", async () => {
    const judged = await judgeAll();
    const shareOf = (list: readonly Judged[]) => list.filter(({ isRight }) => isRight).length / list.length;
    const kinds = [...new Set(judged.map(({ kind }) => kind))];
    const byKind = kinds.map((kind) => ({ kind, share: shareOf(judged.filter((one) => one.kind === kind)) }));
    const wrong = judged.flatMap(({ isRight, told }) => (isRight ? [] : [told]));
    expect(shareOf(judged), wrong.join("\n")).toBeGreaterThanOrEqual(0.95);
    expect(byKind.filter(({ share }) => share < 0.9)).toEqual([]);
    expect(kinds.length).toBe(FINDING_KINDS.length);
  }, 120_000);

  it("raises nothing above info for at least 98 % of healthy traces, with and without history", async () => {
    const alarms: string[] = [];
    const cases = situations.flatMap((how) => Array.from({ length: HEALTHY_TRACES }, (_, seed) => ({ ...how, seed })));
    for (const how of cases) {
      const trace = await decode(recordHealthy(how));
      const name = keyOf(how.app, how.conventions);
      for (const baseline of [undefined, baselines.get(name)]) {
        const loud = diagnose(trace, { baseline }).findings.filter(({ severity }) => severity !== "info");
        if (loud.length > 0) alarms.push(`${name} ${how.seed}: ${loud.map(({ sentence }) => sentence)}`);
      }
    }
    expect(alarms.length / (cases.length * 2), alarms.join("\n")).toBeLessThanOrEqual(0.02);
  }, 120_000);

  it("adds up to the microsecond, agrees with its schema and says the same each time", async () => {
    const cases = situations.flatMap((how) => FAULTS.map((fault) => recordFault(fault, { ...how, seed: 77 })));
    for (const { recorder, app } of cases) {
      const trace = await decode(recorder);
      const told = diagnose(trace, { baseline: baselines.get(keyOf(app, "old")) });
      const { verdict, findings, rows, spanCounts, savedDurationsUs } = told;
      const evidence = { version: "1", rows, spanCounts, savedDurationsUs };
      expect(findingsReplySchema.parse({ verdict, findings, evidence })).toEqual({ verdict, findings, evidence });
      expect(verdict.clauses.reduce((sum, { timeUs }) => sum + timeUs, 0)).toBe(verdict.durationUs);
      expect(diagnose(trace, { baseline: baselines.get(keyOf(app, "old")) })).toEqual(told);
      expect(rows.map(({ length }) => length)).toEqual(findings.map(({ spanIds }) => spanIds.length));
    }
  });
});
