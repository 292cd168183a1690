import { describe, expect, it } from "vitest";
import { COMMAND_TYPES, EVERYTHING, Followed, plan, planOf, timeOf } from "@/tests/support/followed-run";
import { rollbackOrder } from "./derive-steps";
import { isSettled } from "./run-state";

describe("decideRunCommand", () => {
  const followed = () => new Followed(plan);

  it("names who was faster at the same step", () => {
    const run = followed();
    run.do({ type: "tick", stepId: "1", actor: "Priya" });
    expect(run.do({ type: "tick", stepId: "1", lag: 1 })).toBe(`stepId: Step 1 was ticked by Priya at ${timeOf(2)}.`);
    expect(run.do({ type: "untick", stepId: "1", lag: 1 })).toContain("was ticked by Priya");
    expect(run.do({ type: "untick", stepId: "1" })).toBe("taken");
  });

  it("takes nothing once a run has ended", () => {
    const run = followed();
    run.do({ type: "abandon", text: "no" });
    for (const type of COMMAND_TYPES) expect(run.do({ type, stepId: "1" })).toContain("The run was abandoned by Asha");
  });

  it("lets one branch be chosen, makes the others not applicable with what is below, and undoes it", () => {
    const run = followed();
    expect(run.do({ type: "tick", stepId: "2.1" })).toBe("stepId: Step 2.1 is a branch: choose it first.");
    expect(run.do({ type: "tick", stepId: "2" })).toBe("stepId: Choose a branch of step 2.");
    expect(run.do({ type: "choose", stepId: "2.2" })).toBe("taken");
    expect(run.statuses()).toMatchObject({
      "2": "done",
      "2.1": "not-applicable",
      "2.1.1": "not-applicable",
      "2.2": "todo",
    });
    expect(run.do({ type: "choose", stepId: "2.1" })).toContain("stepId: ");
    expect(run.do({ type: "tick", stepId: "2.2" })).toBe("taken");
    run.do({ type: "untick", stepId: "2" });
    expect(run.statuses()).toMatchObject({ "2": "todo", "2.1": "todo", "2.1.1": "todo" });
    expect(run.do({ type: "choose", stepId: "2.1" })).toBe("taken");
  });

  it("asks a different person to agree, the one who holds the role, and nobody who holds another beside a distinct one", () => {
    const run = followed();
    expect(run.do({ type: "tick", stepId: "3" })).toContain("type: Step 3 needs the approval of a second person");
    expect(run.do({ type: "ask", stepId: "3", actor: "Asha" })).toBe("taken");
    expect(run.do({ type: "approve", stepId: "3", actor: "Asha" })).toBe("actor: A different person has to agree.");
    run.do({ type: "assign", role: "driver", person: "Priya" });
    expect(run.do({ type: "approve", stepId: "3", actor: "Priya" })).toContain("is somebody else than the driver");
    expect(run.do({ type: "assign", role: "approver", person: "Priya" })).toContain(
      "person: Priya is the driver already",
    );
    run.do({ type: "assign", role: "approver", person: "Mateo" });
    expect(run.do({ type: "reject", stepId: "3", actor: "Mateo" })).toBe("text: Say why it is refused.");
    expect(run.do({ type: "reject", stepId: "3", actor: "Mateo", text: "not yet" })).toBe("taken");
    expect(run.statuses()["3"]).toBe("doing");
    run.do({ type: "ask", stepId: "3", actor: "Asha" });
    expect(run.do({ type: "approve", stepId: "3", actor: "Ben" })).toBe("actor: Mateo has to agree, as approver.");
    run.do({ type: "approve", stepId: "3", actor: "Mateo" });
    expect(run.state.steps["3"]).toMatchObject({ status: "done", by: "Asha", approvedBy: "Mateo" });
  });

  it("waits as long as the step says, from when it was begun", () => {
    const run = followed();
    expect(run.do({ type: "tick", stepId: "4" })).toContain("Begin step 4 first");
    run.do({ type: "begin", stepId: "4", at: timeOf(100) });
    expect(run.state.steps["4"]).toMatchObject({ status: "waiting", awaits: "time", until: timeOf(110) });
    expect(run.do({ type: "tick", stepId: "4", at: timeOf(109) })).toContain("cannot be done before");
    expect(run.do({ type: "tick", stepId: "4", at: timeOf(110) })).toBe("taken");
  });

  it("wants the evidence and the word typed that the step asks for", () => {
    const run = followed();
    const tick = { type: "tick", stepId: "5" } as const;
    expect(run.do(tick)).toContain("evidence: Step 5 needs evidence");
    expect(run.do({ ...tick, evidence: "see chat" })).toContain("evidence: Step 5 needs a link");
    expect(run.do({ ...tick, evidence: "https://x" })).toBe("confirm: Type prod to confirm step 5.");
    expect(run.do({ ...tick, evidence: "https://x", confirm: "prod" })).toBe("taken");
  });

  it("applies conditions to values and to other steps as they are now", () => {
    const there = new Followed(planOf(EVERYTHING, { env: "staging" }));
    expect(there.statuses()).toMatchObject({ "6": "not-applicable", "7": "not-applicable" });
    expect(there.do({ type: "tick", stepId: "6" })).toBe(
      "stepId: Step 6 is not applicable: needs params.env == 'prod'.",
    );
    there.do({ type: "tick", stepId: "1" });
    expect(there.statuses()["7"]).toBe("todo");
    expect(followed().statuses()["6"]).toBe("todo");
  });

  it("keeps a step whose condition cannot be answered", () => {
    expect(new Followed(planOf(EVERYTHING)).statuses()["6"]).toBe("todo");
  });

  it("skips as the step allows", () => {
    const run = followed();
    expect(run.do({ type: "skip", stepId: "8", text: "no" })).toBe("type: Step 8 cannot be skipped.");
    expect(run.do({ type: "na", stepId: "8", text: "no" })).toBe("type: Step 8 has to be done.");
    expect(run.do({ type: "skip", stepId: "1" })).toBe("text: Say why this step is skipped.");
    const free = new Followed(planOf("- [ ] a <!-- step optional -->\n- [ ] b <!-- step skip=free -->\n"));
    expect([free.do({ type: "skip", stepId: "1" }), free.do({ type: "skip", stepId: "2" })]).toEqual([
      "taken",
      "taken",
    ]);
  });

  it("overrides a check only with a reason, and only where there is one", () => {
    const run = followed();
    expect(run.do({ type: "override", stepId: "1", text: "x" })).toContain("has no check to override");
    expect(run.do({ type: "override", stepId: "8" })).toBe("text: Say why the check is overridden.");
    run.do({ type: "override", stepId: "8", text: "cold caches" });
    expect(run.state.steps["8"]).toMatchObject({ status: "overridden", text: "cold caches" });
  });

  it("keeps a sensed step sensed when its check turns, and says since when", () => {
    const run = followed();
    run.do({ type: "sense", stepId: "8", text: "state done" });
    run.do({ type: "lapse", stepId: "8", text: "state running", at: timeOf(50) });
    expect(run.state.steps["8"]).toMatchObject({ status: "sensed", lapsedAt: timeOf(50) });
    run.do({ type: "regain", stepId: "8" });
    expect(run.state.steps["8"]?.lapsedAt).toBeUndefined();
  });

  it("asks for words where the rules of a step could not be read", () => {
    const run = new Followed(planOf("- [ ] a <!-- step approve= if=( -->\n"));
    expect(run.do({ type: "tick", stepId: "1" })).toContain("text: The rules of step 1 could not be read");
    expect(run.do({ type: "tick", stepId: "1", text: "Mateo agreed in the room" })).toBe("taken");
  });
});

describe("backing out", () => {
  it("goes back only by what was really done, the newest first", () => {
    const run = new Followed(plan);
    expect(run.statuses()).toMatchObject({ "9": "not-applicable", "10": "not-applicable", "11": "not-applicable" });
    run.do({ type: "tick", stepId: "1" });
    expect(run.do({ type: "abort" })).toBe("text: Say why the run is backed out of.");
    run.do({ type: "abort", text: "errors rise" });
    expect(run.statuses()).toMatchObject({
      "1": "done",
      "7": "not-applicable",
      "9": "todo",
      "10": "not-applicable",
      "11": "todo",
    });
    expect(rollbackOrder(plan, run.state)).toEqual(["9", "11"]);
    expect(run.do({ type: "tick", stepId: "4" })).toContain("the run is backed out of");
    expect(run.do({ type: "finish" })).toBe("type: 2 steps are still open.");
    run.do({ type: "tick", stepId: "9" });
    run.do({ type: "tick", stepId: "11" });
    expect(run.do({ type: "finish" })).toBe("taken");
  });

  it("needs a second person behind the point of no return, and can be taken back", () => {
    const run = new Followed(plan);
    run.do({ type: "tick", stepId: "1" });
    run.do({ type: "tick", stepId: "8" });
    run.do({ type: "abort", text: "too slow", actor: "Asha" });
    expect(run.statuses()).toMatchObject({ "3": "todo", "9": "not-applicable" });
    expect(run.do({ type: "finish" })).toBe("type: Backing out waits for consent.");
    expect(run.do({ type: "approve", actor: "Asha" })).toBe("actor: A different person has to agree.");
    expect(run.do({ type: "approve", actor: "Mateo" })).toBe("taken");
    expect(rollbackOrder(plan, run.state)).toEqual(["10", "9", "11"]);
    run.do({ type: "resume" });
    expect(run.statuses()).toMatchObject({ "3": "todo", "9": "not-applicable" });
  });

  it("is refused where there are no steps to go back by", () => {
    const run = new Followed(planOf("- [ ] a\n"));
    expect(run.do({ type: "abort", text: "x" })).toContain("abandon the run instead");
  });

  it("counts what nobody may do any more as settled", () => {
    expect(isSettled("not-applicable") && !isSettled("failed") && !isSettled("waiting")).toBe(true);
  });
});
