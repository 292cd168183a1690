import type { ErrorClass } from "./states";

const WINDOW = 1000;
const IN_A_ROW = 100;
/** Below this many results a share says little; a run in a row of one class still stops it. */
const MIN_RESULTS = 200;

/** The last results of one worker, oldest overwritten: `undefined` = fine. */
export class ErrorBudget {
  readonly #ring: boolean[] = [];
  readonly #stopAtShare: number;
  #next = 0;
  #failed = 0;
  #row: { errorClass: ErrorClass; length: number } | undefined;

  constructor(stopAtShare: number) {
    this.#stopAtShare = stopAtShare;
  }

  /** Takes one result in; returns the sentence to stop with once the budget is spent. */
  add(errorClass: ErrorClass | undefined): string | undefined {
    const isFailed = errorClass !== undefined;
    if (this.#ring[this.#next] === true) this.#failed -= 1;
    this.#ring[this.#next] = isFailed;
    this.#next = (this.#next + 1) % WINDOW;
    if (!isFailed) {
      this.#row = undefined;
      return undefined;
    }
    this.#failed += 1;
    this.#row = { errorClass, length: this.#row?.errorClass === errorClass ? this.#row.length + 1 : 1 };
    return this.#spent();
  }

  #spent(): string | undefined {
    const row = this.#row;
    if (row !== undefined && row.length >= IN_A_ROW) {
      return `Stopped after ${IN_A_ROW} failures in a row of one kind: ${row.errorClass.replaceAll("_", " ")}.`;
    }
    const results = this.#ring.length;
    if (results < MIN_RESULTS || this.#failed <= results * this.#stopAtShare) return undefined;
    return `Stopped: ${this.#failed} of the last ${results} objects failed.`;
  }
}
