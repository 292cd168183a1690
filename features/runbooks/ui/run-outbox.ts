import * as z from "zod/mini";
import { ApiProblem, apiFetch } from "@/lib/api";
import { type AppendRunEvent, appendedRunEventSchema, appendRunEventSchema } from "../contract";
import type { RunEvent } from "../domain/run-state";

/** A change this browser made and the console has not acknowledged, or has and the view does not show yet. */
export type PendingEvent = { event: AppendRunEvent; isSent: boolean; acknowledged: RunEvent | undefined };
/** Why the console did not take a change. */
export type Refusal = { stepId: string | undefined; type: AppendRunEvent["type"]; detail: string };
export type OutboxState = { pending: readonly PendingEvent[]; refusals: readonly Refusal[]; isOffline: boolean };

export const EMPTY_OUTBOX: OutboxState = { pending: [], refusals: [], isOffline: false };
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 8000;
const storedSchema = z.array(appendRunEventSchema);

/**
 * Sends a run's changes one after the other, in order, until each is acknowledged or refused. What was not
 * acknowledged outlives a reload of the page; the idempotency key makes sending it again harmless. Nothing in here
 * counts as done: only the console's acknowledgement does.
 */
export class RunOutbox {
  readonly #runId: string;
  readonly #listeners = new Set<() => void>();
  #state: OutboxState = EMPTY_OUTBOX;
  #retryMs = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSending = false;

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Takes up what an earlier page left and starts sending. Returns the end. */
  open(): () => void {
    const events = readStored(this.#key);
    if (events.length > 0)
      this.#set({ pending: events.map((event) => ({ event, isSent: false, acknowledged: undefined })) });
    const wake = () => void this.#sendAll();
    globalThis.addEventListener("online", wake);
    wake();
    return () => {
      globalThis.removeEventListener("online", wake);
      clearTimeout(this.#timer);
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  read = (): OutboxState => this.#state;

  add(event: AppendRunEvent): void {
    const stepId = "stepId" in event ? event.stepId : undefined;
    const refusals = this.#state.refusals.filter((refusal) => refusal.stepId !== stepId);
    this.#set({ pending: [...this.#state.pending, { event, isSent: false, acknowledged: undefined }], refusals });
    void this.#sendAll();
  }

  /** Takes a change back that was not sent yet. */
  cancel(idempotencyKey: string): void {
    this.#set({
      pending: this.#state.pending.filter(({ event, isSent }) => isSent || event.idempotencyKey !== idempotencyKey),
    });
  }

  /** The view has reached this sequence: acknowledged changes up to it need no stand-in any more. */
  forgetUntil(sequence: number): void {
    const pending = this.#state.pending.filter(({ acknowledged }) => (acknowledged?.sequence ?? Infinity) > sequence);
    if (pending.length !== this.#state.pending.length) this.#set({ pending });
  }

  dismiss(refusal: Refusal): void {
    this.#set({ refusals: this.#state.refusals.filter((other) => other !== refusal) });
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        if (!(await this.#sendOne(next.event))) return;
      }
    } finally {
      this.#isSending = false;
    }
  }

  #next(): PendingEvent | undefined {
    return this.#state.pending.find(({ acknowledged }) => acknowledged === undefined);
  }

  /** False when sending must wait. */
  async #sendOne(event: AppendRunEvent): Promise<boolean> {
    this.#mark(event, { isSent: true });
    try {
      const path = `/api/runs/${this.#runId}/events`;
      const reply = await apiFetch(path, {
        schema: appendedRunEventSchema,
        json: event,
        signal: AbortSignal.timeout(15_000),
      });
      this.#mark(event, { acknowledged: reply.event });
      this.#retryMs = FIRST_RETRY_MS;
      this.#set({ isOffline: false });
      return true;
    } catch (error) {
      if (isFinal(error)) {
        this.#refuse(event, error);
        return true;
      }
      this.#set({ isOffline: true });
      this.#timer = setTimeout(() => void this.#sendAll(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
      return false;
    }
  }

  #refuse(event: AppendRunEvent, problem: ApiProblem): void {
    const stepId = "stepId" in event ? event.stepId : undefined;
    this.#set({
      isOffline: false,
      pending: this.#state.pending.filter((pending) => pending.event !== event),
      refusals: [...this.#state.refusals, { stepId, type: event.type, detail: problem.detail }].slice(-5),
    });
  }

  #mark(event: AppendRunEvent, change: Partial<PendingEvent>): void {
    const pending = this.#state.pending.map((entry) => (entry.event === event ? { ...entry, ...change } : entry));
    this.#set({ pending });
  }

  #set(change: Partial<OutboxState>): void {
    this.#state = { ...this.#state, ...change };
    const open = this.#state.pending.filter(({ acknowledged }) => acknowledged === undefined).map(({ event }) => event);
    writeStored(this.#key, open);
    for (const listener of this.#listeners) listener();
  }

  get #key(): string {
    return `ops-run-outbox-${this.#runId}`;
  }
}

/** The console understood and said no; anything else may go better the next time. */
function isFinal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429;
}

function readStored(key: string): z.output<typeof storedSchema> {
  try {
    const stored = storedSchema.safeParse(JSON.parse(localStorage.getItem(key) ?? "[]"));
    return stored.success ? stored.data : [];
  } catch {
    // A browser without storage, or text that is not ours: nothing was left.
    return [];
  }
}

function writeStored(key: string, events: readonly AppendRunEvent[]): void {
  try {
    if (events.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(events));
  } catch {
    // A browser without storage: the changes live as long as the page.
  }
}
