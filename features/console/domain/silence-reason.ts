import type { Health } from "@/lib/console-contract";
import { isDown } from "./component-health";
import type { TraceSource } from "./neighbours";

type Known = { health: Health | undefined; traceSource: TraceSource | undefined };

/** Why the figures of traces on screen are not of now, as the end of a sentence; blames only who was not heard. */
export function silenceReason({ health, traceSource }: Known): string {
  if (isDown(health, "database")) return "the database does not answer";
  // The source was heard: what fails is between the question and it, a full disk for one.
  return traceSource?.state === "up" ? "newer traces cannot be read at the moment" : "the trace source does not answer";
}
