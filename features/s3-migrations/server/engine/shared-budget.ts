import { log } from "@/server/log/log";
import { emptyTally, type ResultTally, type Spent, spentBudget, withResult } from "../../domain/error-budget";
import type { ErrorClass } from "../../domain/states";

/** So many failures are told at once; others within a second. */
const TELL_FAILED = 10;
const TELL_MS = 1000;

type SharedBudgetOptions = {
  /** Adds to what all workers have seen; gives the newest of it, newest first. */
  note: (tally: ResultTally) => Promise<ResultTally[]>;
  /** The share that may fail, as people want it now. */
  stopAtShare: () => number;
  onSpent: (spent: Spent) => Promise<void>;
};

/** One worker's end of the error budget, which all workers of a migration spend together. */
export class SharedBudget {
  readonly #options: SharedBudgetOptions;
  #tally = emptyTally();
  #telling: Promise<void> | undefined;
  #toldAtMs = 0;

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
  }

  /** Takes one result in; `undefined` = fine. Resolves at once unless there are failures to tell of. */
  async add(errorClass: ErrorClass | undefined): Promise<void> {
    this.#tally = withResult(this.#tally, errorClass);
    if (this.#tally.failed >= TELL_FAILED) await this.#tell();
  }

  /** To be called now and then. */
  async tick(nowMs: number): Promise<void> {
    if (nowMs - this.#toldAtMs < TELL_MS || this.#tally.results === 0) return;
    this.#toldAtMs = nowMs;
    await this.#tell();
  }

  /** One question at a time: what comes meanwhile goes with the next. */
  async #tell(): Promise<void> {
    this.#telling ??= this.#tellNow().finally(() => {
      this.#telling = undefined;
    });
    await this.#telling;
  }

  async #tellNow(): Promise<void> {
    const tally = this.#tally;
    this.#tally = emptyTally();
    try {
      const spent = spentBudget(await this.#options.note(tally), this.#options.stopAtShare());
      if (spent !== undefined) await this.#options.onSpent(spent);
    } catch (error) {
      // The database is away, and with it everything that could go on; what was not told of is not counted.
      log().warn({ err: error }, "the error budget could not be looked at");
    }
  }
}
