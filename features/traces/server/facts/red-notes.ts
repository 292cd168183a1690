import type { RedReply } from "@/features/traces/contract";
import type { Counted } from "./red-repository";

export type Note = RedReply["notes"][number];
/** Traces that name a service, those of them whose requests are known, and its spans in all of them. */
export type Known = { traceCount: number; knownCount: number; spanCount: number };

const number = (count: number): string => count.toLocaleString("en-US");

export const NO_DEPLOY_NOTE: Note = {
  code: "no_deploy",
  text: "No deploy of this service is known, so it is compared with nothing. Report one with POST /api/deploys.",
};
const READING_NOTE: Note = {
  code: "still_reading",
  text: "The traces of this window are still being read: whether this service answers requests is not known yet.",
};
const UNKNOWN_NOTE: Note = {
  code: "no_spans",
  text: "No trace of this window names a service of this name.",
};

/** What a reader must know of the figures: what counts as failed, what they rest on, what durations are. */
export function notesOf(counted: Counted, known: Known): Note[] {
  return [...failureNotes(counted), ...sampleNotes(counted, known), ...durationNotes(counted)];
}

/** Why there is nothing to count. */
export function silenceNote(known: Known, complete: number): Note {
  if (complete < 1) return READING_NOTE;
  if (known.traceCount === 0) return UNKNOWN_NOTE;
  if (known.knownCount === 0) {
    const text = `This Jaeger's summaries tell no requests inside traces. None of the ${number(known.traceCount)} traces with this service has been read whole yet; some are being read.`;
    return { code: "not_sampled_yet", text };
  }
  const text = `None of the ${number(known.spanCount)} spans of this service answers a request: no span of a server or a consumer, and none that begins a trace.`;
  return { code: "no_requests", text };
}

function failureNotes({ count, guessedCount, mendedCount }: Counted): Note[] {
  if (guessedCount === count && count > 0) {
    const text = "A request counts as failed when any span of its trace failed, also one that was retried.";
    return [{ code: "failed_means_any_span", text }];
  }
  const notes: Note[] = [{ code: "failed_means_own_span", text: "A request counts as failed when its own span did." }];
  if (guessedCount > 0) {
    const text = `Of ${number(guessedCount)} requests that is not told: they count as failed when any span of their trace did.`;
    notes.push({ code: "failed_means_any_span", text });
  }
  if (mendedCount > 0) {
    const requests = mendedCount === 1 ? "request" : "requests";
    const text = `In ${number(mendedCount)} more ${requests} a span below failed and the answer did not: retried, or made up for.`;
    notes.push({ code: "failed_below", text });
  }
  return notes;
}

function sampleNotes({ innerCount }: Counted, { traceCount, knownCount }: Known): Note[] {
  if (innerCount === 0 || knownCount >= traceCount) return [];
  const text = `Its requests inside others' traces are known from ${number(knownCount)} of ${number(traceCount)} traces that were read whole: ${number(innerCount)} requests. Their rate is estimated for all.`;
  return [{ code: "sampled_requests", text }];
}

/** What a reader must know of durations that are not simply those of the answers. */
function durationNotes({ count, innerCount, lengthOnlyCount, outlastedCount }: Counted): Note[] {
  const begun = count - innerCount;
  const of = (part: number) => (part === count ? "all" : `${number(part)} of ${number(begun)}`);
  const notes: Note[] = [];
  if (lengthOnlyCount > 0)
    notes.push({
      code: "durations_of_traces",
      text: `This Jaeger does not tell how long a request's own span took. For ${of(lengthOnlyCount)} requests the length of the whole trace counts: jobs that run on after the answer and clocks that are off are in it.`,
    });
  if (outlastedCount > 0)
    notes.push({
      code: "work_after_answer",
      text: `In ${of(outlastedCount)} requests work went on after the answer. Durations here end with the answer; the traces themselves are longer.`,
    });
  return notes;
}
