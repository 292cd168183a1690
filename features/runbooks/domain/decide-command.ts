import { decideForRun } from "./decide-for-run";
import { deriveSteps } from "./derive-steps";
import { accept, type Decision, type Edge, FROM, type RunCommand, refuse } from "./run-command";
import type { RunPlan } from "./run-plan";
import {
  type RunEventData,
  type RunEventType,
  type RunState,
  type StepState,
  type StepStatus,
  stepStateOf,
} from "./run-state";
import { type Case, STEP_GUARDS } from "./step-guards";

/**
 * Whether a command may be added now, and what its event carries. Somebody's change of the *same* step since
 * `expectedSequence` refuses it and is named; changes of other steps do not matter. What the runbook asks of a step is
 * asked here, each refusal naming the field that would put it right. An ended run takes nothing more.
 */
export function decideRunCommand(plan: RunPlan, state: RunState, command: RunCommand): Decision {
  if (state.status !== "active") {
    return refuse("type", `The run was ${state.status} by ${state.endedBy}.`, { by: state.endedBy, at: state.endedAt });
  }
  if (command.stepId === null) return decideForRun(plan, state, command);
  const step = plan.byId.get(command.stepId);
  if (step === undefined) {
    return { kind: "refuse", code: "not_found", field: "stepId", detail: `This run has no step ${command.stepId}.` };
  }
  if (command.type === "note" || command.type === "assign") {
    return accept(command.type === "assign" ? { person: command.person ?? "" } : {});
  }
  if (!isEdge(command.type)) return refuse("stepId", "This is about the run, not about a step of it.");
  return decideForStep({ plan, state, step, command, type: command.type });
}

function decideForStep(given: Case): Decision {
  const { plan, state, step, command, type } = given;
  const derived = deriveSteps(plan, state)[step.id] ?? stepStateOf(state, step.id);
  const allowed: readonly StepStatus[] = FROM[type];
  // A choice is a change of the step above; two people choosing at once must not both win.
  const seen = type === "choose" && step.parentId !== null ? stepStateOf(state, step.parentId) : derived;
  if (seen.sequence > command.expectedSequence) return refuse("stepId", describeStep(step.id, seen), seen);
  if (derived.because !== undefined) {
    return refuse("stepId", `Step ${step.id} is not applicable: ${derived.text}.`);
  }
  if (!allowed.includes(derived.status)) return refuse("stepId", describeStep(step.id, derived), derived);
  const problem = STEP_GUARDS[type]?.(given, derived);
  if (problem !== undefined) return refuse(problem.field, problem.detail);
  return accept(dataOf(given));
}

function dataOf({ plan, step, command, type }: Case): RunEventData {
  const data: RunEventData = {};
  if (type === "begin" && step.rules.waitMs !== undefined)
    data.until = new Date(Date.parse(command.at) + step.rules.waitMs).toISOString();
  if ((type === "tick" || type === "ask" || type === "override") && (command.evidence ?? "") !== "")
    data.evidence = command.evidence;
  if (type === "choose" && step.parentId !== null) {
    const { rules = {} } = plan.byId.get(step.parentId) ?? {};
    const { choose, approve, evidence, confirm, mustDecide, waitMs } = rules;
    data.parent = step.parentId;
    data.isSettling =
      choose === "one" && [approve, evidence, confirm, mustDecide, waitMs].every((rule) => rule === undefined);
  }
  return data;
}

const VERBS: Record<StepStatus, string> = {
  todo: "unticked",
  doing: "begun",
  waiting: "left waiting",
  done: "ticked",
  sensed: "found true",
  overridden: "overridden",
  skipped: "skipped",
  "not-applicable": "found not applicable",
  failed: "reported as failed",
};

function describeStep(stepId: string, step: StepState): string {
  if (step.sequence === 0) return `Step ${stepId} is not ticked.`;
  return `Step ${stepId} was ${VERBS[step.status]} by ${step.by} at ${step.at}.`;
}

function isEdge(type: RunEventType): type is Edge {
  return Object.hasOwn(FROM, type);
}
