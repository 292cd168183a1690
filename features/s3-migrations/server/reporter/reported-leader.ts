import { type Rates, updateRates } from "../../domain/rate";
import { reportedState, SILENT_AFTER_MS } from "../../domain/reported";
import type { MigrationState } from "../../domain/states";
import { saveSample } from "../engine/leader-repository";
import { type Progress, progressSchema } from "../progress";
import { listReportedWatches, type ReportedWatch, saveReportedBeat } from "./reported-beat-repository";

const HALF_LIFE_MS = 30_000;
/** What the gem maintenance_tasks calls the states of a run. */
const STATE_OF_RUN: Record<string, MigrationState> = {
  enqueued: "running",
  running: "running",
  interrupted: "running",
  pausing: "running",
  paused: "paused",
  cancelling: "cancelling",
  succeeded: "reported",
  cancelled: "cancelled",
  errored: "failed",
};

type Memory = {
  atMs: number;
  done: { objects: number; bytes: number };
  firstMs: number;
  firstObjects: number;
  rates: Rates | undefined;
  /** What the last written beat said; undefined before the first. */
  toldStalled: boolean | undefined;
  sampledMs: number;
};

/** The leader's part for migrations that a job elsewhere reports: state, progress, samples, and who went silent. */
export class ReportedLeader {
  readonly #sampleMs: number;
  readonly #memory = new Map<string, Memory>();

  constructor(sampleMs: number) {
    this.#sampleMs = sampleMs;
  }

  async beat(): Promise<void> {
    const watches = await listReportedWatches();
    const ids = new Set(watches.map(({ id }) => id));
    for (const id of this.#memory.keys()) if (!ids.has(id)) this.#memory.delete(id);
    for (const watch of watches) await this.#beatOne(watch);
  }

  async #beatOne(watch: ReportedWatch): Promise<void> {
    const state = stateOf(watch);
    const stalledSince = state === "running" ? silentSince(watch) : undefined;
    const isStalled = stalledSince !== undefined;
    const memory = this.#remember(watch, isStalled);
    const isMoved = watch.revision !== watch.shownRevision || state !== watch.state || memory.toldStalled !== isStalled;
    const progress = toProgress(watch, memory, stalledSince);
    if (isMoved && (await saveReportedBeat({ watch, state, progress }))) memory.toldStalled = isStalled;
    if (state !== "running" || isStalled || watch.nowMs - memory.sampledMs < this.#sampleMs) return;
    memory.sampledMs = watch.nowMs;
    await saveSample({ id: watch.id, state, ...memory.done, failed: failedOf(watch), progress });
  }

  #remember(watch: ReportedWatch, isStalled: boolean): Memory {
    const { pending, ...settled } = watch.counts;
    const objects = Object.values(settled).reduce((sum, count) => sum + count, 0);
    const done = { objects, bytes: watch.bytesPresent };
    const memory: Memory = this.#memory.get(watch.id) ?? {
      ...{ atMs: watch.nowMs, done, firstMs: watch.nowMs, firstObjects: objects },
      ...{ rates: undefined, toldStalled: undefined, sampledMs: 0 },
    };
    const step = {
      objects: Math.max(0, objects - memory.done.objects),
      bytes: Math.max(0, done.bytes - memory.done.bytes),
      elapsedMs: watch.nowMs - memory.atMs,
    };
    if (step.elapsedMs > 0 && !isStalled) memory.rates = updateRates(memory.rates, step, HALF_LIFE_MS);
    Object.assign(memory, { atMs: watch.nowMs, done });
    this.#memory.set(watch.id, memory);
    return memory;
  }
}

function stateOf(watch: ReportedWatch): MigrationState {
  if (!watch.isWatched) return reportedState(watch);
  if (watch.desired === "cancelled") return "cancelled";
  return STATE_OF_RUN[watch.runStatus ?? ""] ?? "draft";
}

/** The last sign of life of any writer that should be working, when that was too long ago. */
function silentSince({ writers }: ReportedWatch): number | undefined {
  const working = writers.filter(({ status }) => status === "running");
  if (working.length === 0 || working.some(({ silentMs }) => silentMs <= SILENT_AFTER_MS)) return undefined;
  return Math.max(...working.map(({ lastHeardMs }) => lastHeardMs));
}

const failedOf = ({ counts }: ReportedWatch): number => (counts.failed ?? 0) + (counts.conflict ?? 0);

function toProgress(watch: ReportedWatch, memory: Memory, stalledSince: number | undefined): Progress {
  const empty = progressSchema.parse({});
  const { counts } = watch;
  const present = (counts.copied ?? 0) + (counts.verified ?? 0) + (counts.skipped_identical ?? 0);
  const elapsedMs = watch.nowMs - memory.firstMs;
  return {
    ...empty,
    counts: { ...empty.counts, ...counts },
    tiers: present === 0 ? [] : [{ tier: "reported", objects: present, bytes: watch.bytesPresent }],
    bytes: { present: watch.bytesPresent, waiting: watch.bytesWaiting, other: watch.bytesOther },
    rate:
      memory.rates === undefined || watch.isWatched
        ? null
        : {
            objectsPerSecond: Math.round(memory.rates.objectsPerSecond * 100) / 100,
            bytesPerSecond: Math.round(memory.rates.bytesPerSecond),
            lifetimeObjectsPerSecond:
              elapsedMs <= 0 ? 0 : (memory.done.objects - memory.firstObjects) / (elapsedMs / 1000),
          },
    eta:
      stalledSince === undefined ? { kind: "none" } : { kind: "stalled", since: new Date(stalledSince).toISOString() },
  };
}
