import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyRunEvent,
  countSteps,
  decideRunCommand,
  NEW_RUN,
  type RunEvent,
  type RunState,
  replayRun,
} from "./run-state";

const STEPS = ["1", "2", "2.1", "3"];
const stepIds = new Set(STEPS);
type Command = {
  type: "tick" | "untick" | "skip" | "note" | "finish" | "abandon";
  stepId: string | null;
  lag: number;
  actor: string;
};

const command: fc.Arbitrary<Command> = fc.record({
  type: fc.constantFrom("tick", "untick", "skip", "note", "finish", "abandon"),
  stepId: fc.constantFrom(...STEPS),
  lag: fc.nat(4),
  actor: fc.constantFrom("Asha", "Priya"),
});

const start: RunEvent = { sequence: 1, type: "start", stepId: null, actor: "Asha", at: "t1", text: "" };

/** Feeds commands to a run as the server does, keeping what it accepts. */
function follow(commands: readonly Command[]): { state: RunState; log: RunEvent[] } {
  const log = [start];
  let state = applyRunEvent(NEW_RUN, start);
  for (const { type, stepId, lag, actor } of commands) {
    const expectedSequence = Math.max(0, state.sequence - lag);
    if (decideRunCommand(state, { type, stepId, expectedSequence }, stepIds).kind === "refuse") continue;
    const event: RunEvent = {
      sequence: state.sequence + 1,
      type,
      stepId,
      actor,
      at: `t${state.sequence + 1}`,
      text: "",
    };
    log.push(event);
    state = applyRunEvent(state, event);
  }
  return { state, log };
}

describe("replayRun", () => {
  it("gives the state that was shown while the log grew", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const { state, log } = follow(commands);
        expect(replayRun(log)).toEqual(state);
        expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, at) => at + 1));
      }),
    );
  });

  it("conserves steps: each is open, done or skipped, and a finished run has none open", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const { state } = follow(commands);
        const counts = countSteps(state, STEPS);
        expect(counts.todo + counts.done + counts.skipped).toBe(STEPS.length);
        if (state.status === "finished") expect(counts.todo).toBe(0);
      }),
    );
  });

  it("ends the same whatever the order in which concurrent ticks of different steps arrive", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(STEPS, { minLength: STEPS.length }), (order) => {
        const ticks = order.map((stepId) => ({ type: "tick" as const, stepId, lag: 99, actor: "Asha" }));
        const { state } = follow(ticks);
        expect(Object.fromEntries(STEPS.map((id) => [id, state.steps[id]?.status]))).toEqual(
          Object.fromEntries(STEPS.map((id) => [id, "done"])),
        );
      }),
    );
  });
});

describe("decideRunCommand", () => {
  const ticked = applyRunEvent(applyRunEvent(NEW_RUN, start), {
    sequence: 2,
    type: "tick",
    stepId: "1",
    actor: "Priya",
    at: "t2",
    text: "",
  });

  it("names who was faster at the same step", () => {
    const decision = decideRunCommand(ticked, { type: "tick", stepId: "1", expectedSequence: 1 }, stepIds);
    expect(decision).toEqual({
      kind: "refuse",
      code: "conflict",
      detail: "Step 1 was ticked by Priya at t2.",
      by: "Priya",
      at: "t2",
    });
  });

  it("refuses to untick what somebody ticked since it was seen, and takes it from one who saw the tick", () => {
    const untick = { type: "untick", stepId: "1" } as const;
    expect(decideRunCommand(ticked, { ...untick, expectedSequence: 1 }, stepIds).kind).toBe("refuse");
    expect(decideRunCommand(ticked, { ...untick, expectedSequence: 2 }, stepIds).kind).toBe("accept");
  });

  it("takes nothing once a run has ended", () => {
    const ended = applyRunEvent(ticked, {
      sequence: 3,
      type: "abandon",
      stepId: null,
      actor: "Asha",
      at: "t3",
      text: "no",
    });
    for (const type of ["tick", "note", "finish", "abandon"] as const) {
      expect(
        decideRunCommand(ended, { type, stepId: type === "tick" ? "2" : null, expectedSequence: 3 }, stepIds).kind,
      ).toBe("refuse");
    }
  });
});
