import type { ShownStep } from "./shown-steps";

/** What a press on an open step leads to: settling it at once, or what its author asks for first. */
export type NextAction = "tick" | "begin" | "prove" | "ask" | "choose" | "choose-below" | "answer" | "none";

export function nextActionOf({ state, rules, isBranch, isSettled }: ShownStep): NextAction {
  if (isSettled) return "none";
  if (state.status === "waiting" && state.awaits === "approval") return "answer";
  if (isBranch && state.isChosen !== true) return "choose";
  if (rules.waitMs !== undefined && state.beganAt === undefined) return "begin";
  if (rules.choose === "one" && state.status !== "doing") return "choose-below";
  if (needsProof(rules)) return "prove";
  return rules.approve === undefined ? "tick" : "ask";
}

/** Something has to be written before the step is settled. */
export function needsProof({ evidence, confirm, mustDecide }: ShownStep["rules"]): boolean {
  return evidence !== undefined || confirm !== undefined || mustDecide === true;
}
