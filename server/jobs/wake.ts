/** A wait that somebody in the same process may end early; a call that comes while nobody waits ends the next wait at once. */
export class Wake {
  #wasCalled = false;
  #end: () => void = () => {};

  /** Ends the present wait, or the next one. */
  call(): void {
    this.#wasCalled = true;
    this.#end();
  }

  /** Resolves after `ms`, when called, or when the signal aborts. One waits at a time. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#wasCalled && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => this.#end(), ms);
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        this.#end = end;
        signal.addEventListener("abort", end, { once: true });
      });
    }
    this.#wasCalled = false;
  }
}
