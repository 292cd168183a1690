import { setTimeout as sleep } from "node:timers/promises";

/** Spreads starts evenly at a rate that may change at any time; `undefined` = no limit. */
export class Pacer {
  #perSecond: number | undefined;
  #nextMs = 0;

  setRate(perSecond: number | undefined): void {
    this.#perSecond = perSecond;
  }

  /** Resolves when the next object may start; rejects when `signal` aborts first. */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.#perSecond === undefined) return;
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = startMs + 1000 / this.#perSecond;
    if (startMs > nowMs) await sleep(startMs - nowMs, undefined, { signal });
  }
}
