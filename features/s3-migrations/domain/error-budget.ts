import type { ErrorClass } from "./states";

/** The last results looked at, over all workers. */
export const BUDGET_WINDOW = 1000;
const IN_A_ROW = 100;
/** Below this many results a share says little; a run in a row of one class still stops it. */
const MIN_RESULTS = 200;

/** Some results of one worker, in the order they came: the last failure was of `errorClass`, `run` of them are the end. */
export type ResultTally = { results: number; failed: number; run: number; errorClass: ErrorClass | null };

/** Why the budget is spent, and the kind of failure that came last. */
export type Spent = { errorClass: ErrorClass; message: string };

export const emptyTally = (): ResultTally => ({ results: 0, failed: 0, run: 0, errorClass: null });

/** One more result; `undefined` = fine. */
export function withResult(tally: ResultTally, errorClass: ErrorClass | undefined): ResultTally {
  const results = tally.results + 1;
  if (errorClass === undefined) return { ...tally, results, run: 0 };
  const run = tally.errorClass === errorClass ? tally.run + 1 : 1;
  return { results, failed: tally.failed + 1, run, errorClass };
}

/**
 * What to stop with, given the tallies of all workers, newest first: a hundred failures of one kind with nothing else in
 * between, or a larger share of the last thousand results than is allowed. `undefined` = go on.
 */
export function spentBudget(tallies: readonly ResultTally[], stopAtShare: number): Spent | undefined {
  return spentRow(tallies) ?? spentShare(tallies, stopAtShare);
}

function spentRow(tallies: readonly ResultTally[]): Spent | undefined {
  const errorClass = tallies[0]?.errorClass ?? null;
  if (errorClass === null) return undefined;
  let length = 0;
  for (const tally of tallies) {
    if (tally.errorClass !== errorClass) break;
    length += tally.run;
    if (tally.run < tally.results) break;
  }
  if (length < IN_A_ROW) return undefined;
  const kind = errorClass.replaceAll("_", " ");
  return { errorClass, message: `Stopped after ${IN_A_ROW} failures in a row of one kind: ${kind}.` };
}

function spentShare(tallies: readonly ResultTally[], stopAtShare: number): Spent | undefined {
  let results = 0;
  let failed = 0;
  for (const tally of tallies) {
    if (results >= BUDGET_WINDOW) break;
    results += tally.results;
    failed += tally.failed;
  }
  if (results < MIN_RESULTS || failed <= results * stopAtShare) return undefined;
  const last = tallies.find(({ errorClass }) => errorClass !== null)?.errorClass;
  return { errorClass: last ?? "bug", message: `Stopped: ${failed} of the last ${results} objects failed.` };
}
