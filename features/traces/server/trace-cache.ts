type Sized = { sizeBytes: number };
type Load<T> = { promise: Promise<T>; waiters: number; abort: AbortController };

/**
 * The values used last, up to `maxBytes` together. The newest stays even when it alone is larger, so that the page that
 * just opened it can ask about its spans. Two who ask for the same value at once share one load; it is aborted when the
 * last of them has given up.
 */
export class TraceCache<T extends Sized> {
  readonly #values = new Map<string, T>();
  readonly #loads = new Map<string, Load<T>>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxBytes }: { maxBytes: number }) {
    this.#maxBytes = maxBytes;
  }

  /** What is held under `key`; counts as a use. */
  get(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Loads a value and holds it. */
  async load(key: string, load: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const shared = this.#loads.get(key) ?? this.#start(key, load);
    shared.waiters += 1;
    let giveUp = () => {};
    const gaveUp = new Promise<never>((_, reject) => {
      giveUp = () => reject(signal?.reason);
    });
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      return await Promise.race([shared.promise, gaveUp]);
    } finally {
      signal?.removeEventListener("abort", giveUp);
      shared.waiters -= 1;
      if (shared.waiters === 0) this.#forget(key, shared);
    }
  }

  /** Nobody waits any more: stop the load, and let the next caller start a new one. */
  #forget(key: string, load: Load<T>): void {
    load.abort.abort();
    if (this.#loads.get(key) === load) this.#loads.delete(key);
  }

  #start(key: string, load: (signal: AbortSignal) => Promise<T>): Load<T> {
    const abort = new AbortController();
    const promise = load(abort.signal).then((value) => {
      this.#hold(key, value);
      return value;
    });
    // Whoever waits sees the failure; when nobody does any more, it must not end the process.
    promise.catch(() => {});
    const started = { promise, waiters: 0, abort };
    this.#loads.set(key, started);
    return started;
  }

  #hold(key: string, value: T): void {
    this.#bytes += value.sizeBytes - (this.#values.get(key)?.sizeBytes ?? 0);
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const [oldest, { sizeBytes }] of this.#values) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#values.delete(oldest);
      this.#bytes -= sizeBytes;
    }
  }
}
