import { describe, expect, it } from "vitest";
import { emptyCounters } from "../../domain/counters";
import { progressSchema } from "../progress";
import type { Sums, Watched } from "./leader-repository";
import { ProgressTracker } from "./progress-tracker";

const SUMS: Sums = {
  counters: emptyCounters(),
  leases: 0,
  workers: 0,
  concurrency: 0,
  retries: 0,
  throttledMs: 0,
  kept: { headersProven: 0, headersDiffer: 0, typesDiffer: 0 },
};
const SOAKING: Watched = {
  id: "a",
  no: 1,
  state: "soaking",
  desired: "running",
  phase: "soak",
  version: 1,
  stopClass: null,
  isStopped: false,
  isSealed: true,
  objects: 0,
  listedObjects: 32,
  mode: "copy",
  epoch: 2,
  deltaUntil: 3,
  deltaOutcome: "clean",
  returnPhase: null,
  soakChecked: 0,
  isSoakOver: true,
  listLeases: 0,
  progress: progressSchema.parse({}),
  nowMs: 1,
  limits: { windows: [] },
};

describe("ProgressTracker", () => {
  it("writes nothing while nothing changes", () => {
    const tracker = new ProgressTracker(500);
    expect(tracker.update(SOAKING, SUMS).beat).toBeDefined();
    expect(tracker.update({ ...SOAKING, nowMs: 2, version: 2 }, SUMS).beat).toBeUndefined();
  });

  it("sets the state again when it was changed and changed back between two beats", () => {
    // A look at the source that a person asked for came back within a second: the phase was as before, the state not.
    const tracker = new ProgressTracker(500);
    tracker.update(SOAKING, SUMS);
    const { beat } = tracker.update({ ...SOAKING, state: "listing", nowMs: 2, version: 4 }, SUMS);
    expect(beat?.transition).toEqual({ state: "soaking", phase: "soak" });
  });
});
