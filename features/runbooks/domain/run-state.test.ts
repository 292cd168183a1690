import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_TYPES, Followed, plan, planOf, timeOf } from "@/tests/support/followed-run";
import { deriveSteps } from "./derive-steps";
import type { RunCommand } from "./run-command";
import { countSteps, replayRun } from "./run-state";

const IDS = plan.steps.map(({ id }) => id);
const command = fc.record({
  type: fc.constantFrom(
    ...COMMAND_TYPES.flatMap((type) => (type === "abandon" || type === "finish" ? [type] : [type, type, type])),
  ),
  stepId: fc.option(fc.constantFrom(...IDS), { nil: null, freq: 6 }),
  lag: fc.nat(3),
  actor: fc.constantFrom("Asha", "Priya", "Mateo"),
  text: fc.constantFrom("", "because"),
  evidence: fc.constantFrom("", "https://x"),
  confirm: fc.constantFrom("", "prod"),
  role: fc.constantFrom("driver", "approver"),
  person: fc.constantFrom("Asha", "Priya"),
});
const commands = fc.array(command, { maxLength: 80 });

describe("a run under any commands of several people", () => {
  it("is what its log says: replayed, it is the state that was shown, without gaps", () => {
    fc.assert(
      fc.property(commands, (given) => {
        const run = new Followed(plan);
        for (const one of given) run.do(one);
        expect(replayRun(run.log)).toEqual(run.state);
        expect(run.log.map(({ sequence }) => sequence)).toEqual(run.log.map((_, at) => at + 1));
      }),
    );
  });

  it("conserves steps, and is finished only when all are settled", () => {
    fc.assert(
      fc.property(commands, (given) => {
        const run = new Followed(plan);
        for (const one of given) run.do(one);
        const counts = countSteps({ steps: deriveSteps(plan, run.state) }, IDS);
        expect(counts.settled + counts.open).toBe(IDS.length);
        if (run.state.status === "finished") expect(counts.open).toBe(0);
      }),
    );
  });

  it("never settles a guarded step without what guards it", () => {
    fc.assert(
      fc.property(commands, (given) => {
        const run = new Followed(plan);
        for (const one of given) run.do(one);
        const { "3": agreed, "5": proven, "8": must } = run.state.steps;
        if (agreed?.status === "done") expect(agreed.approvedBy).not.toBe(agreed.by);
        expect(["sensed", "overridden", "not-applicable"]).not.toContain(agreed?.status);
        if (proven?.status === "done") expect(proven.evidence).toBe("https://x");
        expect(["skipped", "not-applicable"]).not.toContain(must?.status);
        const branches = ["2.1", "2.2"].filter((id) => run.state.steps[id]?.isChosen);
        expect(branches.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("tells a refused person the field that would put it right, and adds nothing", () => {
    fc.assert(
      fc.property(commands, (given) => {
        const run = new Followed(plan);
        for (const one of given) {
          const length = run.log.length;
          const answer = run.do(one);
          if (answer === "taken") expect(run.log.length).toBe(length + 1);
          else {
            expect(run.log.length).toBe(length);
            expect(answer).toMatch(/^(?:type|stepId|actor|text|evidence|confirm|role|person): [A-Z0-9<].*\.$/i);
          }
        }
      }),
    );
  });

  it("ends the same whatever the order in which changes of different steps arrive", () => {
    const simple = planOf(Array.from({ length: 12 }, (_, at) => `- [ ] step ${at}\n`).join(""));
    const ids = simple.steps.map(({ id }) => id);
    const changes = fc.array(
      fc.record({
        type: fc.constantFrom("tick", "skip", "fail", "begin", "na"),
        actor: fc.constantFrom("A", "B", "C"),
      }),
      { minLength: ids.length, maxLength: ids.length },
    );
    fc.assert(
      fc.property(changes, fc.shuffledSubarray(ids, { minLength: ids.length }), (given, order) => {
        const follow = (sequence: readonly string[]) => {
          const run = new Followed(simple);
          for (const id of sequence) {
            const { type, actor } = given[ids.indexOf(id)] ?? { type: "tick", actor: "A" };
            const one = { type: type as RunCommand["type"], stepId: id, actor, text: "why", expectedSequence: 1 };
            expect(run.do({ ...one, at: timeOf(9) })).toBe("taken");
          }
          return Object.fromEntries(ids.map((id) => [id, { ...run.state.steps[id], sequence: 0 }]));
        };
        expect(follow(order)).toEqual(follow(ids));
      }),
    );
  });
});
