/** Tells any number of waiters of the next step. */
export class StepSignal {
  #resolve = () => {};
  #next = this.#make();

  /** Resolves with the next step after this call. */
  next(): Promise<void> {
    return this.#next;
  }

  tell(): void {
    this.#resolve();
    this.#next = this.#make();
  }

  #make(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#resolve = resolve;
    });
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
