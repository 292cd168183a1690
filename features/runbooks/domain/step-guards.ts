import type { Edge, RunCommand } from "./run-command";
import type { PlannedStep, RunPlan } from "./run-plan";
import { type RunState, type StepState, stepStateOf } from "./run-state";

/** A command about a step, with what it is judged by. */
export type Case = { plan: RunPlan; state: RunState; step: PlannedStep; command: RunCommand; type: Edge };

type Refused = { field: string; detail: string } | undefined;

/** What the runbook asks before each kind of change, as the first thing that is missing. */
export const STEP_GUARDS: Partial<Record<Edge, (given: Case, now: StepState) => Refused>> = {
  tick: (given, now) => needsApproval(given) ?? notReady(given, now),
  ask: (given, now) =>
    given.step.rules.approve === undefined
      ? { field: "type", detail: `Step ${given.step.id} needs nobody's approval: tick it.` }
      : notReady(given, now),
  override: (given, now) =>
    given.step.hasChecks
      ? (needsApproval(given) ?? needsText(given, "Say why the check is overridden.") ?? notReady(given, now))
      : { field: "type", detail: `Step ${given.step.id} has no check to override: tick it.` },
  sense: (given, now) => needsApproval(given) ?? notReady(given, now),
  skip: canSkip,
  na: (given) =>
    given.step.rules.skip === "never" || given.step.rules.approve !== undefined
      ? { field: "type", detail: `Step ${given.step.id} has to be done.` }
      : needsText(given, "Say why this step does not apply."),
  fail: (given) => needsText(given, "Say what failed."),
  approve: (given, now) => canAnswer(given, now),
  reject: (given, now) => canAnswer(given, now) ?? needsText(given, "Say why it is refused."),
  choose: canChoose,
};

function needsApproval({ step }: Case): Refused {
  if (step.rules.approve === undefined) return undefined;
  return {
    field: "type",
    detail: `Step ${step.id} needs the approval of a second person (${step.rules.approve}): ask for it.`,
  };
}

function needsText({ command }: Case, detail: string): Refused {
  return (command.text ?? "") === "" ? { field: "text", detail } : undefined;
}

/** What the runbook asks before a step is settled as done. */
function notReady({ plan, state, step, command }: Case, now: StepState): Refused {
  const { rules, id } = step;
  const parent = step.parentId === null ? undefined : plan.byId.get(step.parentId);
  if (parent?.rules.choose !== undefined && stepStateOf(state, id).isChosen !== true)
    return { field: "stepId", detail: `Step ${id} is a branch: choose it first.` };
  if (rules.choose !== undefined && !hasChoice(plan, state, id))
    return { field: "stepId", detail: `Choose a branch of step ${id}.` };
  if (
    rules.waitMs !== undefined &&
    (now.beganAt === undefined || Date.parse(now.beganAt) + rules.waitMs > Date.parse(command.at))
  )
    return {
      field: "stepId",
      detail:
        now.beganAt === undefined
          ? `Begin step ${id} first: it takes a while.`
          : `Step ${id} cannot be done before ${new Date(Date.parse(now.beganAt) + rules.waitMs).toISOString()}.`,
    };
  const { evidence, confirm, mustDecide } = rules;
  if (command.type === "sense" && [evidence, confirm, mustDecide].some((rule) => rule !== undefined))
    return { field: "type", detail: `Step ${id} is settled by a person.` };
  return needsProof({ plan, step, command });
}

function needsProof({ plan, step: { rules, id }, command }: Pick<Case, "plan" | "step" | "command">): Refused {
  const evidence = command.evidence ?? "";
  if (rules.evidence !== undefined && evidence === "")
    return { field: "evidence", detail: `Step ${id} needs evidence: ${EVIDENCE_WORDS[rules.evidence]}.` };
  if (rules.evidence === "link" && !/^https?:\/\/\S+$/.test(evidence))
    return { field: "evidence", detail: `Step ${id} needs a link that begins with https://.` };
  if (rules.confirm !== undefined && command.confirm !== confirmText(plan, rules.confirm))
    return {
      field: "confirm",
      detail: `Type ${confirmText(plan, rules.confirm) ?? "the value"} to confirm step ${id}.`,
    };
  if (rules.mustDecide === true && (command.text ?? "") === "")
    return { field: "text", detail: `The rules of step ${id} could not be read: say why it is done.` };
  return undefined;
}

const EVIDENCE_WORDS = {
  note: "a note of what you saw",
  link: "a link",
  file: "where the file is kept",
  output: "what the command said",
};

/** What has to be typed; undefined where it names a value that the run has none of, which nothing typed can equal. */
export function confirmText(plan: Pick<RunPlan, "params">, confirm: string): string | undefined {
  return confirm.startsWith("param:") ? plan.params[confirm.slice(6)] : confirm;
}

function canSkip(given: Case): Refused {
  const { rules, id } = given.step;
  if (rules.skip === "never") return { field: "type", detail: `Step ${id} cannot be skipped.` };
  if (rules.skip === "free" || (rules.isOptional === true && rules.skip === undefined)) return undefined;
  return needsText(given, "Say why this step is skipped.");
}

function canAnswer({ state, step, command, plan }: Case, now: StepState): Refused {
  if (now.awaits !== "approval") return { field: "type", detail: `Nobody asked for approval of step ${step.id}.` };
  if (now.by === command.actor) return { field: "actor", detail: "A different person has to agree." };
  const role = step.rules.approve ?? "";
  const holder = state.roles[role] ?? "";
  if (holder !== "" && holder !== command.actor)
    return { field: "actor", detail: `${holder} has to agree, as ${role}.` };
  const isDistinct = plan.roles.some(({ name, isDistinct: distinct }) => distinct && name === role);
  const other = Object.entries(state.roles).find(([name, person]) => name !== role && person === command.actor);
  if (isDistinct && other !== undefined)
    return { field: "actor", detail: `The ${role} is somebody else than the ${other[0]}.` };
  return undefined;
}

function canChoose({ plan, state, step }: Case): Refused {
  const parent = step.parentId === null ? undefined : plan.byId.get(step.parentId);
  if (parent?.rules.choose === undefined) return { field: "stepId", detail: `Step ${step.id} is no branch.` };
  if (parent.rules.choose === "one" && hasChoice(plan, state, parent.id))
    return { field: "stepId", detail: `A branch of step ${parent.id} was chosen already: undo that first.` };
  if (stepStateOf(state, step.id).isChosen) return { field: "stepId", detail: `Step ${step.id} was chosen already.` };
  return undefined;
}

/** A branch of a step was chosen. */
export function hasChoice(plan: RunPlan, state: RunState, parentId: string): boolean {
  return plan.steps.some(({ id, parentId: above }) => above === parentId && stepStateOf(state, id).isChosen === true);
}
