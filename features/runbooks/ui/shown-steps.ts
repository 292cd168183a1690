import type { ReactNode } from "react";
import type { RunSnapshot } from "../contract";
import type { LiveCheck, StepRules } from "../domain/annotations/step-rules";
import { isSettled, type StepState, stepStateOf } from "../domain/run-state";
import type { OutboxState, PendingEvent } from "./run-outbox";
import type { ShownStatus } from "./step-glyph";

/** A step with what this browser has under way for it. */
export type ShownStep = {
  id: string;
  state: StepState;
  shown: ShownStatus;
  pending: PendingEvent | undefined;
  /** The first step that is not settled: where the run stands. */
  isCurrent: boolean;
  isSettled: boolean;
  rules: StepRules;
  checks: readonly LiveCheck[];
  /** A branch of a step that asks to choose. */
  isBranch: boolean;
  notes: RunSnapshot["events"];
};
export type ShownSteps = ReadonlyMap<string, ShownStep>;

/** A heading of the runbook with what stands under it, text already rendered. */
export type ShownSection = {
  key: string;
  /** "" for the text before the first heading. */
  title: string;
  parts: (
    | { kind: "step"; id: string; title: string; depth: number; rules: StepRules; checks: LiveCheck[] }
    | { kind: "prose"; key: string; prose: ReactNode }
  )[];
};

export type StepPart = Extract<ShownSection["parts"][number], { kind: "step" }>;

/** Joins the run as acknowledged with what is on its way. What is on its way never looks settled. */
export function toShownSteps(snapshot: RunSnapshot, box: OutboxState, parts: readonly StepPart[]): ShownSteps {
  const pendingByStep = new Map<string, PendingEvent>();
  for (const pending of box.pending) {
    const { event } = pending;
    if (event.type !== "note" && event.type !== "assign" && "stepId" in event && event.stepId !== undefined)
      pendingByStep.set(event.stepId, pending);
  }
  const rulesById = new Map(parts.map(({ id, rules }) => [id, rules]));
  const isActive = snapshot.status === "active";
  const isBack = snapshot.rollbackOrder.some((id) => snapshot.steps[id]?.because === undefined);
  const order = isBack ? snapshot.rollbackOrder : parts.map(({ id }) => id);
  const currentId = order.find((id) => !isSettled(stepStateOf(snapshot, id).status) && !pendingByStep.has(id));
  const shown = new Map<string, ShownStep>();
  for (const { id, rules, checks } of parts) {
    const state = stepStateOf(snapshot, id);
    const pending = pendingByStep.get(id);
    const isCurrent = isActive && id === currentId;
    const isBranch = rulesById.get(id.slice(0, Math.max(0, id.lastIndexOf("."))))?.choose !== undefined;
    const status = pending !== undefined ? "pending" : toShownStatus(state, rules, isCurrent);
    const notes = snapshot.events.filter(({ type, stepId }) => type === "note" && stepId === id);
    const more = { isSettled: isSettled(state.status), rules, checks, isBranch };
    shown.set(id, { id, state, shown: status, pending, isCurrent, notes, ...more });
  }
  return shown;
}

function toShownStatus(state: StepState, rules: StepRules, isCurrent: boolean): ShownStatus {
  if (state.status === "waiting" && state.awaits === "approval") return "asked";
  if (state.status === "done" && state.approvedBy !== undefined) return "approved";
  if (state.status !== "todo") return state.status;
  if (rules.choose !== undefined) return "choose";
  return isCurrent ? "next" : "todo";
}
