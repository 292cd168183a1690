type Sized = { sizeBytes: number };
type Held<T> = { value: T; usedAtMs: number };
type Load<T> = { promise: Promise<T>; waiters: number; abort: AbortController };

type CacheOptions = { maxBytes: number; idleMs?: number; now?: () => number };

/**
 * The values used last, up to `maxBytes` together. The newest stays even when it alone is larger, so that the page that
 * just opened it can ask about its spans. Two who ask for the same value at once share one load; it is aborted when the
 * last of them has given up. What nobody has used for `idleMs` is let go, the newest too.
 */
export class TraceCache<T extends Sized> {
  readonly #values = new Map<string, Held<T>>();
  readonly #loads = new Map<string, Load<T>>();
  readonly #maxBytes: number;
  readonly #idleMs: number;
  readonly #now: () => number;
  #sweep: NodeJS.Timeout | undefined;
  #bytes = 0;

  constructor({ maxBytes, idleMs = Number.POSITIVE_INFINITY, now = Date.now }: CacheOptions) {
    this.#maxBytes = maxBytes;
    this.#idleMs = idleMs;
    this.#now = now;
  }

  /** What the values held take together. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** What is held under `key`; counts as a use. */
  get(key: string): T | undefined {
    const held = this.#values.get(key);
    if (held === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, { value: held.value, usedAtMs: this.#now() });
    return held.value;
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
    this.#drop(key);
    this.#bytes += value.sizeBytes;
    this.#values.set(key, { value, usedAtMs: this.#now() });
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break;
      this.#drop(oldest);
    }
    this.#sweepLater();
  }

  #drop(key: string): void {
    this.#bytes -= this.#values.get(key)?.value.sizeBytes ?? 0;
    this.#values.delete(key);
  }

  /** Values stand in the order of their last use, so the first is the next to be let go. */
  #sweepLater(): void {
    const [oldest] = this.#values.values();
    if (oldest === undefined || this.#sweep !== undefined || this.#idleMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(1, oldest.usedAtMs + this.#idleMs - this.#now());
    this.#sweep = setTimeout(() => this.#letGo(), waitMs).unref();
  }

  #letGo(): void {
    this.#sweep = undefined;
    const idleSinceMs = this.#now() - this.#idleMs;
    for (const [key, { usedAtMs }] of this.#values) {
      if (usedAtMs > idleSinceMs) break;
      this.#drop(key);
    }
    this.#sweepLater();
  }
}
