import type { Fragment } from "../domain/fragment";
import { TraceStarts, traceKey } from "../domain/trace-starts";
import { findTraceStarts } from "./late-minute-repository";

type Started = Pick<Fragment, "traceId" | "minStartNs" | "hasRoot">;

/** Tells which minutes a batch changes long after they were over. */
export class LateSpans {
  readonly #starts = new TraceStarts();

  /** Minutes since the epoch, in order; none for spans of traces that have just started. */
  async minutesOf(fragments: readonly Started[]): Promise<number[]> {
    const unknown = this.#starts.meet(fragments);
    if (unknown.size > 0) {
      const ids = [...unknown].map((key) => Buffer.from(key, "latin1"));
      for (const { traceId, startMs } of await findTraceStarts(ids)) this.#starts.learn(traceKey(traceId), startMs);
    }
    return this.#starts.lateMinutes(fragments, Date.now());
  }
}
