import * as z from "zod/mini";

export const RUN_STATUSES = ["active", "finished", "abandoned"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const STEP_STATUSES = [
  "todo",
  "doing",
  "waiting",
  "done",
  "sensed",
  "overridden",
  "skipped",
  "not-applicable",
  "failed",
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const RUN_EVENT_TYPES = [
  "start",
  "begin",
  "tick",
  "untick",
  "skip",
  "na",
  "fail",
  "override",
  "ask",
  "approve",
  "reject",
  "choose",
  "sense",
  "lapse",
  "regain",
  "assign",
  "note",
  "abort",
  "resume",
  "finish",
  "abandon",
] as const;
export type RunEventType = (typeof RUN_EVENT_TYPES)[number];

/** What an event carries beside its words. What it makes of its step is in it, so that a log is read without the rules. */
export const runEventDataSchema = z.object({
  /** Not to be done before: of a step that waits. */
  until: z.optional(z.string()),
  evidence: z.optional(z.string()),
  /** Of a choice: the step whose branch was chosen, and whether the choice settles it. */
  parent: z.optional(z.string()),
  isSettling: z.optional(z.boolean()),
  role: z.optional(z.string()),
  person: z.optional(z.string()),
  /** Of backing out behind the point of no return. */
  needsConsent: z.optional(z.boolean()),
  /** When it was done, where it could be sent only later. */
  madeAt: z.optional(z.string()),
});
export type RunEventData = z.infer<typeof runEventDataSchema>;

/** One line of a run's log. The log is only ever added to; everything a run is follows from it. */
export const runEventSchema = z.object({
  /** Place in the log, from 1, without gaps. */
  sequence: z.number().check(z.int(), z.minimum(1)),
  type: z.enum(RUN_EVENT_TYPES),
  stepId: z.nullable(z.string()),
  actor: z.string(),
  /** ISO time of the database. */
  at: z.string(),
  /** A reason, a note, what an instrument said; "" for none. */
  text: z.string(),
  data: z.optional(runEventDataSchema),
});
export type RunEvent = z.infer<typeof runEventSchema>;

/** Where one step stands, and who put it there. `sequence` is the event that did; 0 for a step nobody touched. */
export const stepStateSchema = z.object({
  status: z.enum(STEP_STATUSES),
  by: z.string(),
  at: z.string(),
  text: z.string(),
  sequence: z.number().check(z.int(), z.minimum(0)),
  beganAt: z.optional(z.string()),
  /** Of a waiting step: for a time to pass, or for somebody's consent. */
  awaits: z.optional(z.enum(["time", "approval"])),
  until: z.optional(z.string()),
  approvedBy: z.optional(z.string()),
  evidence: z.optional(z.string()),
  /** Since when what an instrument had found true no longer is. */
  lapsedAt: z.optional(z.string()),
  /** Of a branch: it was chosen. */
  isChosen: z.optional(z.boolean()),
  assignee: z.optional(z.string()),
  /** Not applicable by a rule of the runbook, and which; nobody decided it. */
  because: z.optional(z.enum(["condition", "branch", "parent", "rollback", "backed-out"])),
});
export type StepState = z.infer<typeof stepStateSchema>;

/** A run being backed out of: the steps of its rollback are followed for what was really done. */
export const backOutSchema = z.object({
  by: z.string(),
  at: z.string(),
  reason: z.string(),
  /** Somebody else has to agree first, and who did. */
  needsConsent: z.boolean(),
  consentBy: z.nullable(z.string()),
});
export type BackOut = z.infer<typeof backOutSchema>;

/** All that a log says. Steps nobody touched are absent from `steps`. */
export type RunState = {
  status: RunStatus;
  sequence: number;
  steps: Record<string, StepState>;
  roles: Record<string, string>;
  backOut: BackOut | null;
  endedBy: string | null;
  endedAt: string | null;
  endReason: string;
};

export const UNTOUCHED: StepState = { status: "todo", by: "", at: "", text: "", sequence: 0 };

export const NEW_RUN: RunState = {
  status: "active",
  sequence: 0,
  steps: {},
  roles: {},
  backOut: null,
  endedBy: null,
  endedAt: null,
  endReason: "",
};

/** The state of one step of a run. */
export function stepStateOf(state: Pick<RunState, "steps">, stepId: string): StepState {
  return state.steps[stepId] ?? UNTOUCHED;
}

/** True for a step that holds nobody up. */
export function isSettled(status: StepStatus): boolean {
  return status !== "todo" && status !== "doing" && status !== "waiting" && status !== "failed";
}

/** The state after one more event. Total: an event that changes nothing (a note) only raises the sequence. */
export function applyRunEvent(state: RunState, event: RunEvent): RunState {
  const next = { ...state, sequence: event.sequence };
  if (event.type === "finish" || event.type === "abandon") {
    const status = event.type === "finish" ? "finished" : "abandoned";
    return { ...next, status, endedBy: event.actor, endedAt: event.at, endReason: event.text };
  }
  if (event.stepId === null) return applyToRun(next, event);
  return { ...next, steps: applyToSteps(state.steps, event.stepId, event) };
}

/** Replays a log from its beginning. */
export function replayRun(log: readonly RunEvent[]): RunState {
  return log.reduce(applyRunEvent, NEW_RUN);
}

function applyToRun(state: RunState, { type, actor, at, text, data = {} }: RunEvent): RunState {
  if (type === "assign" && data.role !== undefined) {
    return { ...state, roles: { ...state.roles, [data.role]: data.person ?? "" } };
  }
  if (type === "abort") {
    const needsConsent = data.needsConsent === true;
    return { ...state, backOut: { by: actor, at, reason: text, needsConsent, consentBy: null } };
  }
  if (type === "resume" || type === "reject") return { ...state, backOut: null };
  if (type === "approve" && state.backOut !== null) {
    return { ...state, backOut: { ...state.backOut, consentBy: actor } };
  }
  return state;
}

type Steps = RunState["steps"];

function applyToSteps(steps: Steps, stepId: string, event: RunEvent): Steps {
  const before = steps[stepId] ?? UNTOUCHED;
  if (event.type === "choose") return applyChoice(steps, stepId, event);
  const after = applyToStep(before, event);
  if (after === before) return steps;
  const next = { ...steps, [stepId]: after };
  // Undoing a choice opens its branches again; what was done in them stays in sight.
  if (event.type === "untick") {
    for (const [id, state] of Object.entries(next)) {
      const isBranch = id.startsWith(`${stepId}.`) && !id.slice(stepId.length + 1).includes(".");
      if (isBranch && state.isChosen) next[id] = { ...state, isChosen: false };
    }
  }
  return next;
}

function applyToStep(before: StepState, event: RunEvent): StepState {
  const { type, actor, at, text, sequence, data = {} } = event;
  const kept = keepOf(before);
  const touched = { ...kept, by: actor, at, text, sequence };
  const evidence = data.evidence === undefined ? {} : { evidence: data.evidence };
  switch (type) {
    case "begin":
      return data.until === undefined
        ? { ...touched, status: "doing", beganAt: at }
        : { ...touched, status: "waiting", beganAt: at, awaits: "time", until: data.until };
    case "tick":
      return { ...touched, ...evidence, status: "done" };
    case "ask":
      return { ...touched, ...evidence, status: "waiting", awaits: "approval" };
    case "approve":
      return { ...touched, by: before.by, status: "done", approvedBy: actor, ...evidenceOf(before) };
    case "reject":
      return { ...touched, status: "doing", beganAt: before.beganAt ?? at };
    case "skip":
      return { ...touched, status: "skipped" };
    case "na":
      return { ...touched, status: "not-applicable" };
    case "fail":
      return { ...touched, status: "failed" };
    case "override":
      return { ...touched, ...evidence, status: "overridden" };
    case "sense":
      return { ...touched, status: "sensed" };
    case "untick":
      return { ...UNTOUCHED, by: actor, at, text, sequence, ...assigneeOf(before) };
    case "lapse":
      return { ...before, lapsedAt: at };
    case "regain": {
      const { lapsedAt: _over, ...rest } = before;
      return rest;
    }
    case "assign":
      return { ...before, assignee: data.person ?? "" };
    default:
      return before;
  }
}

/** The branch is marked; where the choice is all that was asked, it settles the step above. */
function applyChoice(steps: Steps, stepId: string, { actor, at, text, sequence, data = {} }: RunEvent): Steps {
  const branch = { ...(steps[stepId] ?? UNTOUCHED), isChosen: true };
  const next = { ...steps, [stepId]: branch };
  if (data.parent === undefined) return next;
  const parent = steps[data.parent] ?? UNTOUCHED;
  const status = data.isSettling === true ? "done" : parent.status;
  return { ...next, [data.parent]: { ...parent, status, by: actor, at, text, sequence } };
}

/** What a step keeps whatever becomes of it. */
function keepOf(before: StepState): Pick<StepState, "beganAt" | "isChosen" | "assignee"> {
  const { beganAt, isChosen } = before;
  return {
    ...(beganAt === undefined ? {} : { beganAt }),
    ...(isChosen === undefined ? {} : { isChosen }),
    ...assigneeOf(before),
  };
}

const assigneeOf = ({ assignee }: StepState) => (assignee === undefined ? {} : { assignee });
const evidenceOf = ({ evidence }: StepState) => (evidence === undefined ? {} : { evidence });

/** How many steps are in each status; `settled` are those that hold nobody up. */
export type StepCounts = Record<StepStatus | "settled" | "open" | "total", number>;

export function countSteps(state: Pick<RunState, "steps">, stepIds: Iterable<string>): StepCounts {
  const zero = Object.fromEntries(STEP_STATUSES.map((status) => [status, 0])) as Record<StepStatus, number>;
  const counts: StepCounts = { ...zero, settled: 0, open: 0, total: 0 };
  for (const stepId of stepIds) {
    const { status } = stepStateOf(state, stepId);
    counts[status] += 1;
    counts.total += 1;
    counts[isSettled(status) ? "settled" : "open"] += 1;
  }
  return counts;
}
