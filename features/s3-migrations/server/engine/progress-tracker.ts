import type { Eta } from "../../contract";
import { forecast, type WorkStep } from "../../domain/forecast";
import { latenciesSince, latencyQuantile } from "../../domain/latency-histogram";
import { type Rates, updateRates } from "../../domain/rate";
import { PROBLEM_STATES, VERIFY_TIERS } from "../../domain/states";
import { type ThrottleWatch, throttledSince, watchThrottle } from "../../domain/throttle-watch";
import { type MigrationFacts, nextTransition, type Transition } from "../../domain/transitions";
import type { Progress } from "../progress";
import type { Beat, PutMs, Sample, Sums, Watched } from "./leader-repository";
import { type Done, doneIn, remainingBytes, toFacts, waitingFor } from "./progress-facts";

const SHOWN_HALF_LIFE_MS = 30_000;
/** An hour of steps for the forecast. */
const MAX_STEPS = 720;
const THIRTY_DAYS_MS = 30 * 86_400_000;

/** What the leader remembers of one migration between beats: speed, and when something last finished. */
export class ProgressTracker {
  readonly #sampleMs: number;
  #last: { phase: string; done: Done; atMs: number; wasWorking: boolean } | undefined;
  #rates: Rates | undefined;
  #lifetime = { objects: 0, elapsedMs: 0 };
  #steps: WorkStep[] = [];
  #step: WorkStep = { objects: 0, bytes: 0, elapsedMs: 0 };
  #lastDoneMs = 0;
  #sampledMs = 0;
  #savedJson = "";
  #throttle: ThrottleWatch;
  #putLatencies: readonly number[] | undefined;

  constructor(sampleMs: number) {
    this.#sampleMs = sampleMs;
  }

  /** Takes one look in; gives what is worth writing, if anything is. */
  update(watched: Watched, sums: Sums): { beat: Beat | undefined; sample: Sample | undefined } {
    const { nowMs, phase } = watched;
    const facts = toFacts(watched, sums);
    const transition = nextTransition(facts);
    const isWorking = sums.leases > 0 && ["copy", "verify", "retire"].includes(phase);
    const done = doneIn(watched, sums);
    this.#advance(phase, done, nowMs, isWorking);
    this.#throttle = watchThrottle(this.#throttle, sums.throttledMs, nowMs);
    const progress = this.#toProgress(watched, sums, { facts, transition, done, isWorking });
    const { listedObjects, soakChecked, isSoakOver } = watched;
    const json = JSON.stringify([transition, progress, listedObjects, soakChecked, isSoakOver]);
    // A command and a short look may both have come and gone since the last beat: the state is theirs, not ours yet.
    const isElsewhere = transition.state !== watched.state || transition.phase !== phase;
    const isChanged = isElsewhere || json !== this.#savedJson;
    this.#savedJson = json;
    const beat: Beat = {
      watched,
      transition,
      progress,
      totals: watched.isSealed ? { objects: sums.counters.objects, bytes: sums.counters.bytes } : undefined,
      isStarted: isWorking,
      isFollowed: hasFollowed(watched, transition),
    };
    return { beat: isChanged ? beat : undefined, sample: this.#sample(watched, sums, { progress, done, isWorking }) };
  }

  /** What writes took since this was last asked; `counts` are of all time. A new leader has nothing to compare with yet. */
  putMs(counts: readonly number[]): PutMs | undefined {
    const before = this.#putLatencies;
    this.#putLatencies = counts;
    if (before === undefined) return undefined;
    const came = latenciesSince(counts, before);
    const p50 = latencyQuantile(came, 0.5);
    const p95 = latencyQuantile(came, 0.95);
    return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
  }

  #advance(phase: string, done: Done, nowMs: number, isWorking: boolean): void {
    const last = this.#last;
    this.#last = { phase, done, atMs: nowMs, wasWorking: isWorking };
    if (last === undefined || last.phase !== phase) {
      this.#rates = undefined;
      this.#steps = [];
      this.#step = { objects: 0, bytes: 0, elapsedMs: 0 };
      this.#lastDoneMs = nowMs;
      return;
    }
    // Time spent paused or waiting is no time of this work's speed.
    if (!isWorking && !last.wasWorking) return;
    const step = {
      objects: Math.max(0, done.objects - last.done.objects),
      bytes: Math.max(0, done.bytes - last.done.bytes),
      elapsedMs: Math.max(0, nowMs - last.atMs),
    };
    if (step.objects > 0 || !last.wasWorking) this.#lastDoneMs = nowMs;
    this.#rates = updateRates(this.#rates, step, SHOWN_HALF_LIFE_MS);
    this.#lifetime.objects += step.objects;
    this.#lifetime.elapsedMs += step.elapsedMs;
    this.#keepStep(step);
  }

  #keepStep(step: WorkStep): void {
    this.#step = {
      objects: this.#step.objects + step.objects,
      bytes: this.#step.bytes + step.bytes,
      elapsedMs: this.#step.elapsedMs + step.elapsedMs,
    };
    if (this.#step.elapsedMs < this.#sampleMs) return;
    this.#steps.push(this.#step);
    if (this.#steps.length > MAX_STEPS) this.#steps.shift();
    this.#step = { objects: 0, bytes: 0, elapsedMs: 0 };
  }

  #toProgress(
    watched: Watched,
    sums: Sums,
    {
      facts,
      transition,
      done,
      isWorking,
    }: { facts: MigrationFacts; transition: Transition; done: Done; isWorking: boolean },
  ): Progress {
    const { counters } = sums;
    const tiers = VERIFY_TIERS.map((tier) => ({ tier, ...counters.tiers[tier] }));
    const isOver = !["running", "verifying", "retiring"].includes(transition.state);
    const mayWait = !isOver || transition.state === "draft" || transition.state === "listing";
    const waiting = mayWait ? waitingFor(watched) : null;
    const eta = forecast({
      isWorking: (isWorking || waiting !== null) && !isOver,
      isSealed: watched.isSealed,
      remaining: { objects: facts.open, bytes: remainingBytes(watched, sums, done) },
      steps: this.#steps,
      doneObjects: done.objects,
      totalObjects: counters.objects,
      lastDoneMs: this.#lastDoneMs,
      nowMs: watched.nowMs,
      windows: watched.limits.windows,
    });
    const throttledMs = isWorking ? throttledSince(this.#throttle, watched.nowMs) : undefined;
    return {
      waiting,
      counts: counters.states,
      kept: sums.kept,
      tiers: tiers.filter(({ objects }) => objects > 0),
      bytes: {
        present: tiers.reduce((sum, { bytes }) => sum + bytes, 0),
        waiting: counters.bytesWaiting,
        other: counters.bytesOther,
      },
      rate: isOver && !isWorking ? this.#restingRate() : this.#workingRate(),
      eta: toEta(eta, watched.nowMs),
      engine: {
        leases: sums.leases,
        workers: sums.workers,
        concurrency: sums.concurrency,
        retries: sums.retries,
        throttledMs: sums.throttledMs,
        ...(throttledMs === undefined ? {} : { throttledSince: new Date(throttledMs).toISOString() }),
      },
    };
  }

  #workingRate(): Progress["rate"] {
    if (this.#rates === undefined) return null;
    return {
      objectsPerSecond: round(this.#rates.objectsPerSecond),
      bytesPerSecond: Math.round(this.#rates.bytesPerSecond),
      lifetimeObjectsPerSecond: this.#lifetimeRate(),
    };
  }

  /** Nothing moves; only what was reached on average is still true. */
  #restingRate(): Progress["rate"] {
    return { objectsPerSecond: 0, bytesPerSecond: 0, lifetimeObjectsPerSecond: this.#lifetimeRate() };
  }

  #lifetimeRate(): number {
    const { objects, elapsedMs } = this.#lifetime;
    return elapsedMs === 0 ? 0 : round(objects / (elapsedMs / 1000));
  }

  #sample(
    { id, nowMs, state }: Watched,
    { counters }: Sums,
    { progress, done, isWorking }: { progress: Progress; done: Done; isWorking: boolean },
  ): Sample | undefined {
    if (!isWorking || nowMs - this.#sampledMs < this.#sampleMs) return undefined;
    this.#sampledMs = nowMs;
    const failed = PROBLEM_STATES.reduce((sum, problem) => sum + counters.states[problem], 0);
    return { id, state, ...done, failed, progress };
  }
}

function toEta(eta: ReturnType<typeof forecast>, nowMs: number): Eta {
  if (eta.kind === "stalled") return { kind: "stalled", since: new Date(eta.sinceMs).toISOString() };
  if (eta.kind !== "range") return eta;
  const cap = (atMs: number) => new Date(Math.min(atMs, nowMs + THIRTY_DAYS_MS)).toISOString();
  return {
    kind: "range",
    earliestAt: cap(eta.earliestMs),
    latestAt: cap(eta.latestMs),
    isOver30Days: eta.latestMs > nowMs + THIRTY_DAYS_MS,
  };
}

function hasFollowed({ desired }: Watched, { state }: Transition): boolean {
  if (desired === "paused") return ["paused", "verified", "cutover", "soaking", "retired"].includes(state);
  if (desired === "cancelled") return state === "cancelled";
  return true;
}

const round = (value: number): number => Math.round(value * 100) / 100;
