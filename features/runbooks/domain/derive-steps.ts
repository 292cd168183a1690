import { evaluateExpression } from "./annotations/expression";
import type { PlannedStep, RunPlan } from "./run-plan";
import { isSettled, type RunState, type StepState, type StepStatus, UNTOUCHED } from "./run-state";

/** Statuses of a step that changed something, or may have: what there is to take back. */
const TOUCHED: readonly StepStatus[] = ["doing", "waiting", "done", "sensed", "overridden", "failed"];
/** What makes a way back hard: a point of no return counts once it was really done. */
const DONE: readonly StepStatus[] = ["done", "sensed", "overridden"];

/**
 * The state of every step as the runbook's rules make it: conditions, branches and the way back turn steps nobody has
 * settled into not applicable, with the reason. What people decided stands. A condition that cannot be answered leaves
 * its step applicable.
 */
export function deriveSteps(plan: RunPlan, state: RunState): Record<string, StepState> {
  const derived: Record<string, StepState> = {};
  for (const step of plan.steps) {
    const own = state.steps[step.id];
    const reason = isSettled(own?.status ?? "todo") ? undefined : findReason(step, { plan, state, derived });
    if (reason !== undefined) {
      derived[step.id] = { ...(own ?? UNTOUCHED), status: "not-applicable", ...reason };
    } else if (own !== undefined) derived[step.id] = own;
  }
  return derived;
}

/** True while the steps of the rollback are what is to be done. */
export function isBackingOut({ backOut }: Pick<RunState, "backOut">): boolean {
  return backOut !== null && (!backOut.needsConsent || backOut.consentBy !== null);
}

/** A step behind which there is no way back without a second person, once it was done. */
export function findPointOfNoReturn(plan: RunPlan, state: RunState): PlannedStep | undefined {
  return plan.steps.find(
    ({ id, rules }) => rules.isPointOfNoReturn === true && DONE.includes(state.steps[id]?.status ?? "todo"),
  );
}

/** The steps of the way back that take back what was done, the newest first, then those that always belong to it. */
export function rollbackOrder(plan: RunPlan, state: RunState): string[] {
  const steps = plan.steps.filter((step) => step.isRollback && isToBeTakenBack(step, plan, state));
  const doneAt = ({ rules }: PlannedStep) => state.steps[targetOf(plan, rules.undoes)?.id ?? ""]?.sequence ?? -1;
  const undoing = steps.filter(({ rules }) => rules.undoes !== undefined).sort((a, b) => doneAt(b) - doneAt(a));
  return [...undoing, ...steps.filter(({ rules }) => rules.undoes === undefined)].map(({ id }) => id);
}

type Seen = { plan: RunPlan; state: RunState; derived: Readonly<Record<string, StepState>> };

function findReason(step: PlannedStep, seen: Seen): Pick<StepState, "because" | "text"> | undefined {
  const { plan, state, derived } = seen;
  const isBack = isBackingOut(state);
  if (step.isRollback && !isBack) return { because: "rollback", text: "only when the run is backed out of" };
  if (step.isRollback && !isToBeTakenBack(step, plan, state))
    return { because: "rollback", text: "nothing to take back: its step was not done" };
  if (!step.isRollback && isBack) return { because: "backed-out", text: "the run is backed out of" };
  const parent = step.parentId === null ? undefined : plan.byId.get(step.parentId);
  if (parent !== undefined) {
    if (derived[parent.id]?.because !== undefined)
      return { because: "parent", text: `step ${parent.id} is not applicable` };
    if (isRuledOut(step, parent, seen)) return { because: "branch", text: "another branch was chosen" };
  }
  return isExcluded(step, seen) ? { because: "condition", text: `needs ${step.rules.condition}` } : undefined;
}

/** A branch not taken, once one was (of one), or once the step above is settled (of any). */
function isRuledOut(step: PlannedStep, parent: PlannedStep, { plan, state }: Seen): boolean {
  const { choose } = parent.rules;
  if (choose === undefined || state.steps[step.id]?.isChosen) return false;
  const isDecided = isSettled(state.steps[parent.id]?.status ?? "todo");
  const siblings = plan.steps.filter(({ parentId }) => parentId === parent.id);
  const hasChoice = siblings.some(({ id }) => state.steps[id]?.isChosen);
  return choose === "one" ? hasChoice || isDecided : isDecided;
}

function isExcluded({ rules }: PlannedStep, { plan, state, derived }: Seen): boolean {
  if (rules.condition === undefined) return false;
  const steps = Object.fromEntries(
    plan.steps.flatMap(({ id, rules: { key } }) =>
      key === undefined ? [] : [[key, { state: (derived[id] ?? state.steps[id] ?? UNTOUCHED).status }]],
    ),
  );
  const run = { status: state.status, roles: state.roles };
  return evaluateExpression("condition", rules.condition, { params: plan.params, run, steps }).value === false;
}

function isToBeTakenBack({ rules }: PlannedStep, plan: RunPlan, state: RunState): boolean {
  const wasTouched = (id: string) => TOUCHED.includes(state.steps[id]?.status ?? "todo");
  if (rules.undoes === undefined) return plan.steps.some(({ id, isRollback }) => !isRollback && wasTouched(id));
  const target = targetOf(plan, rules.undoes);
  return target === undefined || wasTouched(target.id);
}

function targetOf(plan: RunPlan, key: string | undefined): PlannedStep | undefined {
  return key === undefined ? undefined : plan.steps.find(({ rules }) => rules.key === key);
}
