import * as z from "zod/mini";

export const RUN_STATUSES = ["active", "finished", "abandoned"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const STEP_STATUSES = ["todo", "done", "skipped"] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const RUN_EVENT_TYPES = ["start", "tick", "untick", "skip", "note", "finish", "abandon"] as const;
export type RunEventType = (typeof RUN_EVENT_TYPES)[number];

/** One line of a run's log. The log is only ever added to; everything a run is follows from it. */
export const runEventSchema = z.object({
  /** Place in the log, from 1, without gaps. */
  sequence: z.number().check(z.int(), z.minimum(1)),
  type: z.enum(RUN_EVENT_TYPES),
  stepId: z.nullable(z.string()),
  actor: z.string(),
  /** ISO time of the database. */
  at: z.string(),
  /** A reason, a note, evidence; "" for none. */
  text: z.string(),
});
export type RunEvent = z.infer<typeof runEventSchema>;

/** Where one step stands, and who put it there. `sequence` is the event that did; 0 for a step nobody touched. */
export const stepStateSchema = z.object({
  status: z.enum(STEP_STATUSES),
  by: z.string(),
  at: z.string(),
  text: z.string(),
  sequence: z.number().check(z.int(), z.minimum(0)),
});
export type StepState = z.infer<typeof stepStateSchema>;

/** All that a log says. Steps nobody touched are absent from `steps`. */
export type RunState = {
  status: RunStatus;
  sequence: number;
  steps: Record<string, StepState>;
  endedBy: string | null;
  endedAt: string | null;
  endReason: string;
};

/** What somebody wants to add to the log, having seen it up to `expectedSequence`. */
export type RunCommand = {
  type: Exclude<RunEventType, "start">;
  stepId: string | null;
  expectedSequence: number;
};

export type Decision =
  | { kind: "accept" }
  | { kind: "refuse"; code: "conflict" | "not_found"; detail: string; by?: string; at?: string };

const UNTOUCHED: StepState = { status: "todo", by: "", at: "", text: "", sequence: 0 };
/** Which status each event needs, and which it makes. */
const STEP_EDGES = {
  tick: { from: ["todo"], to: "done" },
  skip: { from: ["todo"], to: "skipped" },
  untick: { from: ["done", "skipped"], to: "todo" },
} as const satisfies Record<string, { from: readonly StepStatus[]; to: StepStatus }>;

export const NEW_RUN: RunState = {
  status: "active",
  sequence: 0,
  steps: {},
  endedBy: null,
  endedAt: null,
  endReason: "",
};

/** The state of one step of a run. */
export function stepStateOf(state: Pick<RunState, "steps">, stepId: string): StepState {
  return state.steps[stepId] ?? UNTOUCHED;
}

/** The state after one more event. Total: an event that changes nothing (a note) only raises the sequence. */
export function applyRunEvent(state: RunState, event: RunEvent): RunState {
  const next = { ...state, sequence: event.sequence };
  if (event.type === "finish" || event.type === "abandon") {
    const status = event.type === "finish" ? "finished" : "abandoned";
    return { ...next, status, endedBy: event.actor, endedAt: event.at, endReason: event.text };
  }
  if (event.stepId === null || !isStepEdge(event.type)) return next;
  const touched: StepState = {
    status: STEP_EDGES[event.type].to,
    by: event.actor,
    at: event.at,
    text: event.text,
    sequence: event.sequence,
  };
  return { ...next, steps: { ...state.steps, [event.stepId]: touched } };
}

/** Replays a log from its beginning. */
export function replayRun(log: readonly RunEvent[]): RunState {
  return log.reduce(applyRunEvent, NEW_RUN);
}

/**
 * Whether a command may be added now. Somebody's change of the *same* step since `expectedSequence` refuses it and is
 * named; changes of other steps do not matter. An ended run takes nothing more. A run finishes when every step is
 * settled.
 */
export function decideRunCommand(state: RunState, command: RunCommand, stepIds: ReadonlySet<string>): Decision {
  if (state.status !== "active") {
    return refuse(`The run was ${state.status} by ${state.endedBy}.`, state.endedBy, state.endedAt);
  }
  if (command.stepId !== null && !stepIds.has(command.stepId)) {
    return { kind: "refuse", code: "not_found", detail: `This run has no step ${command.stepId}.` };
  }
  if (command.type === "finish") return decideFinish(state, stepIds);
  if (command.stepId === null || !isStepEdge(command.type)) return { kind: "accept" };
  const step = stepStateOf(state, command.stepId);
  const allowed: readonly StepStatus[] = STEP_EDGES[command.type].from;
  if (step.sequence > command.expectedSequence || !allowed.includes(step.status)) {
    return refuse(describeStep(command.stepId, step), step.by, step.at);
  }
  return { kind: "accept" };
}

/** How many steps are in each status; `settled` are those that hold nobody up. */
export type StepCounts = Record<StepStatus | "settled" | "total", number>;

export function countSteps(state: Pick<RunState, "steps">, stepIds: Iterable<string>): StepCounts {
  const counts = { todo: 0, done: 0, skipped: 0, settled: 0, total: 0 };
  for (const stepId of stepIds) {
    const { status } = stepStateOf(state, stepId);
    counts[status] += 1;
    counts.total += 1;
    if (status !== "todo") counts.settled += 1;
  }
  return counts;
}

function decideFinish(state: RunState, stepIds: ReadonlySet<string>): Decision {
  const open = countSteps(state, stepIds).todo;
  if (open === 0) return { kind: "accept" };
  return refuse(open === 1 ? "One step is still open." : `${open} steps are still open.`, null, null);
}

function describeStep(stepId: string, step: StepState): string {
  if (step.sequence === 0) return `Step ${stepId} is not ticked.`;
  const verb = step.status === "done" ? "ticked" : step.status === "skipped" ? "skipped" : "unticked";
  return `Step ${stepId} was ${verb} by ${step.by} at ${step.at}.`;
}

function refuse(detail: string, by: string | null, at: string | null): Decision {
  return { kind: "refuse", code: "conflict", detail, ...(by === null || at === null ? {} : { by, at }) };
}

function isStepEdge(type: RunEventType): type is keyof typeof STEP_EDGES {
  return Object.hasOwn(STEP_EDGES, type);
}
