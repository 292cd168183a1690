import type { StepRules } from "./annotations/step-rules";
import { type StepTree, stepsOf } from "./step-tree";

/** A step of a run as its rules see it. */
export type PlannedStep = {
  id: string;
  title: string;
  parentId: string | null;
  rules: StepRules;
  hasChecks: boolean;
  /** Followed only when the run is backed out of. */
  isRollback: boolean;
};

/** What a run is pinned to, as far as it decides what may happen: its steps in order and who takes part. */
export type RunPlan = {
  steps: readonly PlannedStep[];
  byId: ReadonlyMap<string, PlannedStep>;
  roles: readonly { name: string; isDistinct: boolean }[];
  params: Readonly<Record<string, string>>;
};

export function toRunPlan(tree: StepTree, params: Readonly<Record<string, string>>): RunPlan {
  const rollback = new Set(
    stepsOf({ ...tree, sections: tree.sections.filter(({ isRollback }) => isRollback) }).map(({ id }) => id),
  );
  const steps = stepsOf(tree).map(
    ({ id, title, rules = {}, checks = [] }): PlannedStep => ({
      id,
      title,
      parentId: id.includes(".") ? id.slice(0, id.lastIndexOf(".")) : null,
      rules,
      hasChecks: checks.length > 0,
      isRollback: rollback.has(id),
    }),
  );
  return { steps, byId: new Map(steps.map((step) => [step.id, step])), roles: tree.roles ?? [], params };
}
