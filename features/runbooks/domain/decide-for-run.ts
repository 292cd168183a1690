import { deriveSteps, findPointOfNoReturn, isBackingOut } from "./derive-steps";
import { accept, type Decision, type RunCommand, refuse } from "./run-command";
import type { RunPlan } from "./run-plan";
import { countSteps, type RunState } from "./run-state";

/** Whether a command about the run as a whole may be added now. */
export function decideForRun(plan: RunPlan, state: RunState, command: RunCommand): Decision {
  const { type, actor } = command;
  const { backOut } = state;
  switch (type) {
    case "note":
    case "abandon":
      return accept({});
    case "finish":
      return decideFinish(plan, state);
    case "assign":
      return decideRole(plan, state, command);
    case "abort": {
      if (backOut !== null)
        return refuse("type", `${backOut.by} is backing out already.`, { by: backOut.by, at: backOut.at });
      if (!plan.steps.some(({ isRollback }) => isRollback))
        return refuse("type", "This runbook has no steps to go back by: abandon the run instead.");
      if ((command.text ?? "") === "") return refuse("text", "Say why the run is backed out of.");
      return accept({ needsConsent: findPointOfNoReturn(plan, state) !== undefined });
    }
    case "resume":
      return backOut === null ? refuse("type", "The run is not being backed out of.") : accept({});
    case "approve":
    case "reject":
      if (backOut === null || isBackingOut(state)) return refuse("type", "Nobody asked for consent to back out.");
      return backOut.by === actor ? refuse("actor", "A different person has to agree.") : accept({});
    default:
      return refuse("stepId", "Name the step.");
  }
}

function decideRole(plan: RunPlan, state: RunState, { role = "", person = "" }: RunCommand): Decision {
  const declared = plan.roles.find(({ name }) => name === role);
  if (declared === undefined) return refuse("role", `This runbook has no role ${role}.`);
  const other = Object.entries(state.roles).find(
    ([name, holder]) =>
      name !== role &&
      holder === person &&
      (declared.isDistinct || plan.roles.some((known) => known.name === name && known.isDistinct)),
  );
  if (person !== "" && other !== undefined)
    return refuse("person", `${person} is the ${other[0]} already; the ${role} is somebody else.`);
  return accept({ role, person });
}

function decideFinish(plan: RunPlan, state: RunState): Decision {
  if (state.backOut !== null && !isBackingOut(state)) return refuse("type", "Backing out waits for consent.");
  const { open } = countSteps({ steps: deriveSteps(plan, state) }, plan.byId.keys());
  if (open === 0) return accept({});
  return refuse("type", open === 1 ? "One step is still open." : `${open} steps are still open.`);
}
