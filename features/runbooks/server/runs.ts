import type { z } from "zod";
import { AppError } from "@/lib/errors";
import type { Viewer } from "@/server/auth/permissions";
import type { SseFrame } from "@/server/http/sse";
import { liveSnapshots } from "@/server/realtime/live-snapshots";
import type {
  ParsedRunEvent,
  RunDetail,
  RunList,
  RunQuery,
  RunSnapshot,
  RunSummary,
  startRunSchema,
} from "../contract";
import { decideRunCommand } from "../domain/decide-command";
import { deriveSteps, rollbackOrder } from "../domain/derive-steps";
import { askedValues, findValueProblem, type RunbookParam } from "../domain/params";
import type { RunCommand } from "../domain/run-command";
import { type RunPlan, toRunPlan } from "../domain/run-plan";
import {
  applyRunEvent,
  countSteps,
  NEW_RUN,
  type RunEvent,
  type RunEventData,
  type RunState,
  replayRun,
} from "../domain/run-state";
import { cautionToStart } from "../domain/runbook-care";
import { refusalToStart } from "../domain/runbook-kind";
import {
  createRun,
  findEventByKey,
  findRunContent,
  findRunWithLog,
  findUsualDuration,
  insertEvent,
  type LockedRun,
  listRunSummaries,
  runTopic,
  withLockedRun,
} from "./run-repository";
import { findRunbookContent, type ParsedColumn } from "./runbook-repository";

/** Far beyond any procedure; keeps a runaway script from growing a log that every reader loads. */
const MAX_EVENTS = 5000;

/**
 * Starts following a runbook: the run keeps its own copy of the text and the steps, so that nothing that happens to
 * the file moves the ground under it. Its values are what the runbook's author asked for.
 * @throws AppError not_found, conflict (nothing to follow), invalid_input (a value that breaks its rule, by name).
 */
export async function startRun(input: z.output<typeof startRunSchema>, viewer: Viewer): Promise<RunSummary> {
  const runbook = await findRunbookContent(input.runbookId);
  if (runbook === undefined) throw new AppError("not_found", `There is no runbook "${input.runbookId}".`);
  const refusal = refusalToStart(runbook);
  if (refusal !== undefined) throw new AppError("conflict", refusal);
  checkConfirmation(runbook, input.confirmation);
  checkValues(askedValues(runbook.parsed.placeholders, runbook.parsed.params), input.params);
  const { sourceName, path, blob, commit, parserVersion, text, tree, stepCount } = runbook;
  const { skippedCount } = progressOf(toRunPlan(tree, input.params), NEW_RUN);
  return createRun({
    skippedCount,
    ...{ sourceName, path, blob, commit, parserVersion, text, tree, stepCount },
    runbookId: runbook.id,
    title: input.title ?? runbook.title,
    params: input.params,
    startedBy: viewer.name,
    idempotencyKey: input.idempotencyKey ?? null,
  });
}

function checkConfirmation({ title, parsed }: { title: string; parsed: ParsedColumn }, confirmation = ""): void {
  const caution = cautionToStart(parsed.care);
  if (caution === undefined || confirmation.trim() === title.trim()) return;
  throw new AppError("invalid_input", `${caution} Confirm the start by typing its title: ${title}`);
}

/**
 * Adds to a run's log. The same key gets the same answer, however often it is sent. A step that somebody else changed
 * since `expectedSequence` refuses with their name; other steps may have moved on freely.
 * @throws AppError not_found, conflict, invalid_input (a key used for something else).
 */
export async function appendRunEvent(runId: string, input: ParsedRunEvent, viewer: Viewer): Promise<RunEvent> {
  const event = await withLockedRun(runId, async (run) => {
    const stored = await findEventByKey(run.client, runId, input.idempotencyKey);
    return stored === undefined ? addEvent(runId, run, input, viewer) : repeatAnswer(stored, input);
  });
  if (event === undefined) throw noSuchRun(runId);
  return event;
}

/** Runs, newest first. */
export async function listRuns(query: RunQuery): Promise<RunList> {
  const found = await listRunSummaries({ ...query, limit: query.limit + 1 });
  const runs = found.slice(0, query.limit);
  const last = runs.at(-1);
  return { runs, nextBefore: found.length > query.limit && last !== undefined ? Number(last.id) : null };
}

/** A run with all it is pinned to. @throws AppError not_found. */
export async function getRun(runId: string): Promise<RunDetail> {
  const [snapshot, content] = await Promise.all([getRunSnapshot(runId), findRunContent(runId)]);
  if (content === undefined) throw noSuchRun(runId);
  const [runbook, usualDuration] = await Promise.all([
    findRunbookContent(snapshot.runbookId),
    findUsualDuration(snapshot),
  ]);
  const runbookNow = runbook === undefined ? "gone" : runbook.blob === snapshot.blob ? "same" : "changed";
  return { ...snapshot, ...content, runbookNow, usualDuration };
}

/** What changes while a run is followed. @throws AppError not_found. */
export async function getRunSnapshot(runId: string): Promise<RunSnapshot> {
  const found = await findRunWithLog(runId);
  if (found === undefined) throw noSuchRun(runId);
  const state = replayRun(found.log);
  const plan = toRunPlan(found.tree, found.params);
  return {
    ...found.run,
    steps: deriveSteps(plan, state),
    events: found.log,
    endReason: state.endReason,
    roles: state.roles,
    backOut: state.backOut,
    rollbackOrder: rollbackOrder(plan, state),
  };
}

/** The snapshot now and after every change, until the run has ended. @throws AppError not_found, before the first frame. */
export async function watchRun(
  runId: string,
  { lastEventId, signal }: { lastEventId: string | undefined; signal: AbortSignal },
): Promise<AsyncIterable<SseFrame>> {
  await getRunSnapshot(runId);
  return liveSnapshots({
    topic: runTopic(runId),
    load: () => getRunSnapshot(runId),
    versionOf: ({ sequence }) => sequence,
    isFinal: ({ status }) => status !== "active",
    lastEventId,
    signal,
  });
}

async function addEvent(runId: string, run: LockedRun, input: ParsedRunEvent, viewer: Viewer): Promise<RunEvent> {
  const { madeAt, idempotencyKey, ...command } = input;
  const late = toLateTime(madeAt, run);
  return addDecided(runId, run, { ...command, stepId: stepIdOf(input), actor: viewer.name }, { idempotencyKey, late });
}

/**
 * Decides a command by the run as it is behind its lock, and adds its event.
 * @throws AppError conflict, not_found: what stands in its way, with the field that would put it right.
 */
export async function addDecided(
  runId: string,
  run: LockedRun,
  given: Omit<RunCommand, "at">,
  { idempotencyKey, late = {} }: { idempotencyKey: string; late?: RunEventData },
): Promise<RunEvent> {
  const plan = toRunPlan(run.tree, run.params);
  const state = replayRun(run.log);
  const at = run.now.toISOString();
  // What was done while the console was away was done then: a wait is over by its own clock.
  const decision = decideRunCommand(plan, state, { ...given, at: late.madeAt ?? at });
  if (decision.kind === "refuse") {
    const { by, field } = decision;
    const message = by === undefined ? decision.detail : `by ${by} at ${decision.at}`;
    throw new AppError(decision.code, decision.detail, { problems: [{ field, message }] });
  }
  if (run.sequence >= MAX_EVENTS)
    throw new AppError("conflict", `The log of this run is full (${MAX_EVENTS} entries).`);
  const { type, stepId, actor, text = "" } = given;
  const data = { ...decision.data, ...late };
  const event = { type, stepId, actor, text, at, data, sequence: run.sequence + 1 };
  const after = applyRunEvent(state, event);
  const progress = { status: after.status, ...progressOf(plan, after) };
  return insertEvent(run.client, runId, { ...event, idempotencyKey }, progress);
}

function stepIdOf(input: ParsedRunEvent): string | null {
  return "stepId" in input ? (input.stepId ?? null) : null;
}

/** Times that cannot be are left out: before the run, or not yet. */
const LATE_AFTER_MS = 5000;
function toLateTime(madeAt: string | undefined, { startedAt, now }: LockedRun): RunEventData {
  const ms = Date.parse(madeAt ?? "");
  const isPlausible = ms >= startedAt.getTime() && ms < now.getTime() - LATE_AFTER_MS;
  return isPlausible ? { madeAt: new Date(ms).toISOString() } : {};
}

/** Steps done by a person or an instrument, and steps settled otherwise. */
function progressOf(plan: RunPlan, state: RunState): { doneCount: number; skippedCount: number } {
  const counts = countSteps({ steps: deriveSteps(plan, state) }, plan.byId.keys());
  const doneCount = counts.done + counts.sensed + counts.overridden;
  return { doneCount, skippedCount: counts.settled - doneCount };
}

function checkValues(asked: readonly RunbookParam[], values: Readonly<Record<string, string>>): void {
  const problems = asked.flatMap((param) => {
    const value = Object.hasOwn(values, param.name) ? (values[param.name] ?? "") : "";
    const message = findValueProblem(param, value);
    return message === undefined ? [] : [{ field: `params.${param.name}`, message }];
  });
  const [first] = problems;
  if (first === undefined) return;
  throw new AppError("invalid_input", `${first.field}: ${first.message}`, { problems });
}

function repeatAnswer(stored: RunEvent, input: ParsedRunEvent): RunEvent {
  if (stored.type === input.type && stored.stepId === stepIdOf(input) && stored.text === input.text) return stored;
  throw new AppError("invalid_input", "This idempotency key was used for another event.", {
    problems: [{ field: "idempotencyKey", message: "was used for another event" }],
  });
}

function noSuchRun(runId: string): AppError {
  return new AppError("not_found", `There is no run ${runId}.`);
}
