import { messageOf } from "@/lib/errors";
import { log } from "./log";

/** While it lasts, an outage is told again this often. */
const REMIND_MS = 60_000;

/**
 * What a loop says about something that fails again and again: the first failure in full, then once a minute how often,
 * and that it is over. A database away for a minute once filled the log with a stack for every turn of every loop.
 */
export class Outage {
  readonly #what: string;
  readonly #now: () => number;
  #toldAt: number | undefined;
  #notedAt = 0;
  #count = 0;

  constructor(what: string, now: () => number = () => performance.now()) {
    this.#what = what;
    this.#now = now;
  }

  /** A turn failed. After a minute without a failure it is another outage, also where nobody says that one is over. */
  note(error: unknown): void {
    const now = this.#now();
    if (now - this.#notedAt > REMIND_MS) this.#forget();
    this.#notedAt = now;
    this.#count += 1;
    if (this.#toldAt === undefined) log().warn({ err: error }, this.#what);
    else if (now - this.#toldAt < REMIND_MS) return;
    else log().warn({ reason: messageOf(error), times: this.#count }, `${this.#what}, still`);
    this.#toldAt = now;
  }

  /** A turn succeeded. */
  over(): void {
    if (this.#toldAt === undefined) return;
    log().info({ times: this.#count }, `${this.#what}: over`);
    this.#forget();
  }

  #forget(): void {
    this.#toldAt = undefined;
    this.#count = 0;
  }
}
