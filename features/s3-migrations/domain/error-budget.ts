import type { ErrorClass } from "./states";

const WINDOW = 1000;
const IN_A_ROW = 100;
/** Below this many results a share says little; a run in a row of one class still stops it. */
const MIN_RESULTS = 200;

/** Why the budget is spent, and the kind of failure that came last. */
type Spent = { errorClass: ErrorClass; message: string };

/** The last results of one worker, oldest overwritten: `undefined` = fine. */
export class ErrorBudget {
  readonly #ring: boolean[] = [];
  #stopAtShare: number;
  #next = 0;
  #failed = 0;
  #length = 0;
  #lastClass: ErrorClass | undefined;

  constructor(stopAtShare: number) {
    this.#stopAtShare = stopAtShare;
  }

  /** People changed their mind; the results so far stay. */
  setShare(stopAtShare: number): void {
    this.#stopAtShare = stopAtShare;
  }

  /** Takes one result in; returns what to stop with once the budget is spent. */
  add(errorClass: ErrorClass | undefined): Spent | undefined {
    const isFailed = errorClass !== undefined;
    if (this.#ring[this.#next] === true) this.#failed -= 1;
    this.#ring[this.#next] = isFailed;
    this.#next = (this.#next + 1) % WINDOW;
    if (!isFailed) {
      this.#length = 0;
      // Failures that came together at the beginning are a share only once there is something to compare them with.
      return this.#spentShare();
    }
    this.#failed += 1;
    this.#length = this.#lastClass === errorClass ? this.#length + 1 : 1;
    this.#lastClass = errorClass;
    return this.#spentRow(errorClass) ?? this.#spentShare();
  }

  #spentRow(errorClass: ErrorClass): Spent | undefined {
    if (this.#length < IN_A_ROW) return undefined;
    const kind = errorClass.replaceAll("_", " ");
    return { errorClass, message: `Stopped after ${IN_A_ROW} failures in a row of one kind: ${kind}.` };
  }

  #spentShare(): Spent | undefined {
    const results = this.#ring.length;
    if (results < MIN_RESULTS || this.#failed <= results * this.#stopAtShare) return undefined;
    const message = `Stopped: ${this.#failed} of the last ${results} objects failed.`;
    return { errorClass: this.#lastClass ?? "bug", message };
  }
}
