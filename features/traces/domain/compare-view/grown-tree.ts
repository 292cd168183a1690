import type { ComparedStep } from "../paths/compare-schema";

export const TREE_ORDERS = ["runs", "growth"] as const;
export type TreeOrder = (typeof TREE_ORDERS)[number];

/** A line of "where it grew": one step, or several neighbours that did not change, folded. */
export type GrownRow =
  | { kind: "step"; id: string; step: number; depth: number; hasChildren: boolean; isOpen: boolean }
  | { kind: "alike"; id: string; steps: number[]; depth: number; isOpen: boolean };

/** What happened to a step, for the last column: its own state, or that of what is below it. */
export type GrownState = ComparedStep["state"] | "below" | "beside";

type TreeOptions = {
  order: TreeOrder;
  /** Steps that did not change stand each for itself. */
  showsAlike: boolean;
  /** Ids of rows that are not as they would be by themselves: steps closed, folds opened. */
  toggled: ReadonlySet<string>;
};

/** More rows than anybody opens; an address longer than this breaks in chats. */
const MAX_TOGGLED = 200;

/** The rows an address says are not as they would be by themselves; what is no row of a tree is left out. */
export function parseToggled(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split(".")
      .filter((id) => /^[sf]\d{1,4}$/.test(id))
      .slice(0, MAX_TOGGLED),
  );
}

/** The same for an address, with one row opened or closed; "" when all are as they would be. */
export function toToggledText(toggled: ReadonlySet<string>, id: string): string {
  const next = new Set(toggled);
  if (!next.delete(id)) next.add(id);
  return [...next].slice(-MAX_TOGGLED).join(".");
}

/** The rows shown. As it runs: a tree, neighbours that are alike folded into one row. By growth: a list of what changed. */
export function toGrownRows(steps: readonly ComparedStep[], { order, showsAlike, toggled }: TreeOptions): GrownRow[] {
  return order === "growth" ? byGrowth(steps, showsAlike) : asItRuns(steps, showsAlike, toggled);
}

function byGrowth(steps: readonly ComparedStep[], showsAlike: boolean): GrownRow[] {
  return steps
    .map((step, at) => ({ step, at }))
    .filter(({ step }) => showsAlike || step.state !== "alike")
    .sort((a, b) => Math.abs(b.step.changeUs) - Math.abs(a.step.changeUs) || a.at - b.at)
    .map(({ at }) => ({ kind: "step", id: `s${at}`, step: at, depth: 0, hasChildren: false, isOpen: false }));
}

type Place = { step: number; depth: number };

function asItRuns(steps: readonly ComparedStep[], showsAlike: boolean, toggled: ReadonlySet<string>): GrownRow[] {
  const children = childrenOf(steps);
  const quiet = quietSubtrees(steps);
  const isFolded = (step: number) => !showsAlike && quiet[step] === true;
  const placesBelow = (step: number, depth: number): Place[] =>
    (children.get(step) ?? []).map((child) => ({ step: child, depth }));
  const rows: GrownRow[] = [];
  // No recursion: a chain of calls is as deep as the trace made it.
  const stack = [placesBelow(-1, 0)];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const next = level.shift();
    if (next === undefined) {
      stack.pop();
      continue;
    }
    const neighbours = isFolded(next.step) ? takeWhile(level, isFolded) : [];
    if (neighbours.length > 0) {
      pushFold(rows, [next, ...neighbours], toggled);
      continue;
    }
    const below = placesBelow(next.step, next.depth + 1);
    // A branch in which nothing changed is closed until somebody opens it.
    const isOpen = below.length > 0 && toggled.has(`s${next.step}`) === isFolded(next.step);
    rows.push(stepRow(next, { hasChildren: below.length > 0, isOpen }));
    if (isOpen) stack.push(below);
  }
  return rows;
}

function stepRow({ step, depth }: Place, below: { hasChildren: boolean; isOpen: boolean }): GrownRow {
  return { kind: "step", id: `s${step}`, step, depth, ...below };
}

function pushFold(rows: GrownRow[], fold: readonly Place[], toggled: ReadonlySet<string>): void {
  const [{ step, depth } = { step: 0, depth: 0 }] = fold;
  const isOpen = toggled.has(`f${step}`);
  rows.push({ kind: "alike", id: `f${step}`, steps: fold.map((place) => place.step), depth, isOpen });
  if (!isOpen) return;
  for (const place of fold) rows.push(stepRow({ ...place, depth: depth + 1 }, { hasChildren: false, isOpen: false }));
}

/** Takes the neighbours that follow off the level, as long as they fold too. */
function takeWhile(level: Place[], isMeant: (step: number) => boolean): Place[] {
  const end = level.findIndex(({ step }) => !isMeant(step));
  return level.splice(0, end === -1 ? level.length : end);
}

function childrenOf(steps: readonly ComparedStep[]): Map<number, number[]> {
  const children = new Map<number, number[]>();
  steps.forEach(({ parent }, at) => {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [at]);
    else siblings.push(at);
  });
  return children;
}

/** Per step: whether neither it nor anything below it changed. Parents stand before their children. */
function quietSubtrees(steps: readonly ComparedStep[]): boolean[] {
  const quiet = steps.map(({ state }) => state === "alike");
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const parent = steps[at]?.parent ?? -1;
    if (parent >= 0 && quiet[at] !== true) quiet[parent] = false;
  }
  return quiet;
}

/** What the last column says of every step. */
export function toGrownStates(steps: readonly ComparedStep[]): GrownState[] {
  const quiet = quietSubtrees(steps);
  return steps.map((step, at) => {
    if (step.state !== "alike") return isBeside(step) ? "beside" : step.state;
    return quiet[at] === true ? "alike" : "below";
  });
}

/** Runs, but nobody waits for it: it adds nothing to the request. */
function isBeside({ state, before, after }: ComparedStep): boolean {
  return state === "new" && before.ownUs + after.ownUs < 0.5 && after.timeUs > 0;
}

/** How many steps are new, gone, grew, fell, alike. */
export function countStates(steps: readonly ComparedStep[]): Record<ComparedStep["state"], number> {
  const counts = { new: 0, gone: 0, grew: 0, fell: 0, alike: 0 };
  for (const { state } of steps) counts[state] += 1;
  return counts;
}

/** The row after `current` (by id) whose step changed, from the top again after the last; undefined when none did. */
export function nextChange(
  rows: readonly GrownRow[],
  steps: readonly ComparedStep[],
  current: string | undefined,
): Extract<GrownRow, { kind: "step" }> | undefined {
  const changed = rows.filter(
    (row): row is Extract<GrownRow, { kind: "step" }> => row.kind === "step" && steps[row.step]?.state !== "alike",
  );
  const place = rows.findIndex(({ id }) => id === current);
  return changed.find((row) => rows.indexOf(row) > place) ?? changed[0];
}
