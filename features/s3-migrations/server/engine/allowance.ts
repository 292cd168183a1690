import type { Grant } from "./allowance-repository";

/**
 * A grant not used within this time is void, so that no worker saves up what another could have used. On a machine so
 * busy that the database takes 300 ms to answer, 100 ms here gave a third of the limit.
 */
const VALID_MS = 400;
const MIN_PAUSE_MS = 25;
const MAX_PAUSE_MS = 1000;

type Waiter = { cost: number; serve: () => void };

export type AllowanceOptions = {
  /** Asks for a share of what all workers may use: all of `needed` or nothing, more up to `wished`. */
  take: (ask: { needed: number; wished: number }) => Promise<Grant>;
  nowMs?: () => number;
  /** Waits; only tests of time replace it. */
  pause?: (ms: number) => Promise<void>;
};

/**
 * One worker's end of a limit that all workers share. Shares are leased in batches, by what waits here and by what was
 * used lately, so that the database hears of it some dozen times a second at most. Over any stretch of time all workers
 * together use no more than the limit allows, plus less than a second's worth and one thing that cannot be divided.
 */
export class Allowance {
  readonly #options: Required<AllowanceOptions>;
  readonly #waiters: Waiter[] = [];
  #isLimited = false;
  #isAsking = false;
  #left = 0;
  #validUntilMs = 0;
  #used: { sinceMs: number; now: number; before: number } = { sinceMs: 0, now: 0, before: 0 };

  constructor(options: AllowanceOptions) {
    this.#options = {
      nowMs: () => performance.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      ...options,
    };
  }

  /** Whether there is a limit at all; its height is known where it is shared out. */
  setLimited(isLimited: boolean): void {
    this.#isLimited = isLimited;
  }

  get isLimited(): boolean {
    return this.#isLimited;
  }

  /** Resolves, first come first served, when `cost` may be used; rejects when `signal` aborts first. */
  async spend(cost: number, signal: AbortSignal): Promise<void> {
    if (!this.#isLimited && this.#waiters.length === 0) return;
    signal.throwIfAborted();
    if (this.#waiters.length === 0 && this.#use(cost)) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        cost,
        serve: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = () => {
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiters.push(waiter);
      void this.#serveAll();
    });
  }

  async #serveAll(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let head = this.#waiters[0]; head !== undefined; head = this.#waiters[0]) {
        if (!this.#isLimited || this.#use(head.cost)) {
          this.#waiters.shift();
          head.serve();
          continue;
        }
        const waitMs = await this.#ask(head.cost);
        if (waitMs > 0) await this.#options.pause(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, waitMs)));
      }
    } finally {
      this.#isAsking = false;
    }
  }

  /** Leases more; 0 when something came, else how long to wait before asking again. */
  async #ask(needed: number): Promise<number> {
    const { nowMs, take } = this.#options;
    const askedMs = nowMs();
    const waiting = this.#waiters.reduce((sum, { cost }) => sum + cost, 0);
    try {
      const ahead = Math.floor(this.#expected(askedMs) / needed) * needed;
      const { granted, waitMs } = await take({ needed, wished: Math.max(waiting, ahead) });
      this.#left = granted;
      // Counted from before the question: an answer that took too long is void as a whole.
      this.#validUntilMs = askedMs + VALID_MS;
      return granted > 0 ? 0 : Math.max(1, waitMs);
    } catch {
      // The database is away, and so is everything else; whoever waits can still leave.
      return MAX_PAUSE_MS;
    }
  }

  #use(cost: number): boolean {
    const atMs = this.#options.nowMs();
    if (atMs >= this.#validUntilMs || this.#left < cost) return false;
    this.#left -= cost;
    this.#expected(atMs);
    this.#used.now += cost;
    return true;
  }

  /** What was used in the last full stretch: as much is likely to be wanted while the next grant is valid. */
  #expected(atMs: number): number {
    const { sinceMs, now } = this.#used;
    const elapsedMs = atMs - sinceMs;
    if (elapsedMs >= VALID_MS) this.#used = { sinceMs: atMs, now: 0, before: elapsedMs < 2 * VALID_MS ? now : 0 };
    return this.#used.before;
  }
}
