import { AppError } from "@/lib/errors";

/** 20 batches of 1,000 objects a second are four times what the fastest copy here does; a rake loop sends one a second. */
const PER_SECOND = 20;
const BURST = 60;
const MAX_KEPT = 1000;

/** A bucket of requests per token: refilled steadily, empty means wait. */
export class RateLimit {
  readonly #buckets = new Map<string, { left: number; atMs: number }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Takes one request, or refuses with the time after which there is one again. */
  take(id: string): void {
    const atMs = this.#nowMs();
    const known = this.#buckets.get(id);
    const left = known === undefined ? BURST : Math.min(BURST, known.left + ((atMs - known.atMs) / 1000) * PER_SECOND);
    this.#buckets.delete(id);
    this.#buckets.set(id, { left: left < 1 ? left : left - 1, atMs });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_KEPT) break;
      this.#buckets.delete(oldest);
    }
    if (left >= 1) return;
    throw new AppError("too_many_requests", `No more than ${PER_SECOND} requests a second are taken.`, {
      retryAfterSeconds: 1,
    });
  }
}
