import { decideRunCommand } from "@/features/runbooks/domain/decide-command";
import { deriveSteps } from "@/features/runbooks/domain/derive-steps";
import { parseRunbook } from "@/features/runbooks/domain/parse-runbook";
import type { RunCommand } from "@/features/runbooks/domain/run-command";
import { type RunPlan, toRunPlan } from "@/features/runbooks/domain/run-plan";
import { applyRunEvent, NEW_RUN, type RunEvent, type RunState } from "@/features/runbooks/domain/run-state";

export const planOf = (text: string, params: Record<string, string> = {}): RunPlan =>
  toRunPlan(parseRunbook({ path: "a.md", text }).tree, params);

export const timeOf = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const start: RunEvent = { sequence: 1, type: "start", stepId: null, actor: "Asha", at: timeOf(0), text: "" };

type Given = Partial<Omit<RunCommand, "type">> & Pick<RunCommand, "type"> & { lag?: number };

/** A run as the server keeps it: what it accepts goes into the log, the rest is told why not. */
export class Followed {
  log = [start];
  state: RunState = applyRunEvent(NEW_RUN, start);
  readonly #plan: RunPlan;
  #second = 1;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  do(given: Given): string {
    const { lag = 0, type, stepId = null, actor = "Asha", text = "", ...rest } = given;
    this.#second += 1;
    const at = given.at ?? timeOf(this.#second);
    const expectedSequence = Math.max(0, this.state.sequence - lag);
    const decision = decideRunCommand(this.#plan, this.state, {
      expectedSequence,
      ...rest,
      type,
      stepId,
      actor,
      text,
      at,
    });
    if (decision.kind === "refuse") return `${decision.field}: ${decision.detail}`;
    const { data } = decision;
    const event: RunEvent = { sequence: this.state.sequence + 1, type, stepId, actor, at, text, data };
    this.log.push(event);
    this.state = applyRunEvent(this.state, event);
    return "taken";
  }

  statuses(): Record<string, string> {
    const steps = deriveSteps(this.#plan, this.state);
    return Object.fromEntries(this.#plan.steps.map(({ id }) => [id, steps[id]?.status ?? "todo"]));
  }
}

export const EVERYTHING = `---
roles: { driver: {}, approver: { distinct: true } }
params: { env: string }
---

# All

- [ ] plain <!-- step id=plain -->
- [ ] branch <!-- step id=pick choose=one -->
  - [ ] left <!-- step id=left -->
    - [ ] below left
  - [ ] right
- [ ] agreed <!-- step id=agreed approve=approver -->
- [ ] slow <!-- step wait=10s -->
- [ ] proven <!-- step evidence=link confirm=param:env -->
- [ ] only there <!-- step if="params.env == 'prod'" -->
- [ ] after <!-- step if="steps['plain'].state == 'done'" -->
- [ ] must <!-- step id=must skip=never point-of-no-return -->

  \`\`\`yaml check
  migration: x
  expect: state == 'done'
  \`\`\`

## Rollback

- [ ] undo plain <!-- step undoes=plain -->
- [ ] undo must <!-- step undoes=must -->
- [ ] tell everybody
`;
export const plan = planOf(EVERYTHING, { env: "prod" });

/** Everything a person or an instrument can do to a run. */
export const COMMAND_TYPES = [
  ...["begin", "tick", "untick", "skip", "na", "fail", "override", "ask", "approve", "reject", "choose"],
  ...["sense", "lapse", "regain", "assign", "note", "abort", "resume", "finish", "abandon"],
] as RunCommand["type"][];
