import type { ReactNode } from "react";
import type { RunSnapshot } from "../contract";
import { type StepState, stepStateOf } from "../domain/run-state";
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
  notes: RunSnapshot["events"];
};
export type ShownSteps = ReadonlyMap<string, ShownStep>;

/** A heading of the runbook with what stands under it, text already rendered. */
export type ShownSection = {
  key: string;
  /** "" for the text before the first heading. */
  title: string;
  parts: (
    | { kind: "step"; id: string; title: string; depth: number }
    | { kind: "prose"; key: string; prose: ReactNode }
  )[];
};

/** Joins the run as acknowledged with what is on its way. What is on its way never looks settled. */
export function toShownSteps(snapshot: RunSnapshot, box: OutboxState, stepIds: readonly string[]): ShownSteps {
  const pendingByStep = new Map<string, PendingEvent>();
  for (const pending of box.pending) {
    const { event } = pending;
    if (event.type !== "note" && "stepId" in event) pendingByStep.set(event.stepId, pending);
  }
  const isActive = snapshot.status === "active";
  const currentId = stepIds.find((id) => stepStateOf(snapshot, id).status === "todo" && !pendingByStep.has(id));
  const shown = new Map<string, ShownStep>();
  for (const id of stepIds) {
    const state = stepStateOf(snapshot, id);
    const pending = pendingByStep.get(id);
    const isCurrent = isActive && id === currentId;
    const status: ShownStatus = pending !== undefined ? "pending" : isCurrent ? "doing" : state.status;
    const notes = snapshot.events.filter(({ type, stepId }) => type === "note" && stepId === id);
    shown.set(id, { id, state, shown: status, pending, isCurrent, notes });
  }
  return shown;
}
