import type { RunEventData, RunEventType, StepStatus } from "./run-state";

/** What somebody wants to add to the log, having seen it up to `expectedSequence`. */
export type RunCommand = {
  type: Exclude<RunEventType, "start">;
  stepId: string | null;
  expectedSequence: number;
  actor: string;
  /** ISO time of the database. */
  at: string;
  text?: string | undefined;
  evidence?: string | undefined;
  /** What was typed to confirm. */
  confirm?: string | undefined;
  role?: string | undefined;
  person?: string | undefined;
};

export type Decision =
  | { kind: "accept"; data: RunEventData }
  | { kind: "refuse"; code: "conflict" | "not_found"; field: string; detail: string; by?: string; at?: string };

/** Which status each event needs of its step. */
export const FROM = {
  begin: ["todo", "failed"],
  tick: ["todo", "doing", "waiting", "failed"],
  ask: ["todo", "doing", "waiting", "failed"],
  sense: ["todo", "doing", "waiting", "failed"],
  override: ["todo", "doing", "waiting", "failed"],
  skip: ["todo", "doing", "waiting", "failed"],
  na: ["todo", "doing", "waiting", "failed"],
  fail: ["todo", "doing", "waiting"],
  choose: ["todo", "doing", "waiting"],
  approve: ["waiting"],
  reject: ["waiting"],
  untick: ["doing", "waiting", "done", "sensed", "overridden", "skipped", "not-applicable", "failed"],
  lapse: ["sensed"],
  regain: ["sensed"],
} as const satisfies Record<string, readonly StepStatus[]>;
export type Edge = keyof typeof FROM;

/** Taken, with what its event carries. */
export function accept(data: RunEventData): Decision {
  return { kind: "accept", data };
}

/** Not taken: why, and which field would put it right. */
export function refuse(field: string, detail: string, who?: { by: string | null; at: string | null }): Decision {
  const { by = null, at = null } = who ?? {};
  return {
    kind: "refuse",
    code: "conflict",
    field,
    detail,
    ...(by === null || at === null || by === "" ? {} : { by, at }),
  };
}
