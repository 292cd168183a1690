import type { Code, Html, Root } from "mdast";
import { resolveLink, type Surroundings } from "../link-target";
import { placeOf, rangeOf, type SourceRange, walkMarkdown } from "../markdown-tree";
import { type Problem, problem } from "../problem";
import { type RunbookStep, type StepTree, stepsOf } from "../step-tree";
import { isCheck, readCheck } from "./read-check";
import { readStepComment } from "./read-step-comment";
import type { StepRules } from "./step-rules";

const MAX_CHECKS = 5;

/** What a file declares beside its steps, as far as comments refer to it. */
export type AnnotationScope = {
  roles: readonly string[] | undefined;
  params: readonly string[];
  file: { path: string } & Pick<Surroundings, "knownPaths">;
};

/**
 * Gives each step what its comments and `yaml check` blocks ask for, in place. What is wrong becomes a problem: it never
 * hides a step and never makes one easier to settle.
 */
export function annotateSteps(root: Root, tree: StepTree, scope: AnnotationScope): Problem[] {
  const problems: Problem[] = [];
  const owners = ownersOf(tree);
  walkMarkdown(root, (node) => {
    if (node.type === "html") addComment(node, owners, problems);
    else if (node.type === "code" && isCheck(node)) addCheck(node, owners, problems);
  });
  return [...problems, ...lintRules(stepsOf(tree), scope)];
}

type Owner = { step: RunbookStep; range: SourceRange; isLoose: boolean };

/** Which stretch of the text belongs to which step; a comment straight after a list is its last item's. */
function ownersOf(tree: StepTree): Owner[] {
  return tree.sections.flatMap(({ items }) =>
    items.flatMap((item, at): Owner[] => {
      if (item.kind === "step") {
        const { heading, body } = item.step;
        return [heading, ...body].flatMap((range) =>
          range === undefined ? [] : [{ step: item.step, range, isLoose: false }],
        );
      }
      const before = items[at - 1];
      return before?.kind === "step" ? [{ step: before.step, range: item.range, isLoose: true }] : [];
    }),
  );
}

function findOwner(node: Html | Code, owners: readonly Owner[]): Owner | undefined {
  const { start, end } = rangeOf(node);
  return owners.find(({ range, isLoose }) =>
    isLoose ? range.start === start && range.end === end : range.start <= start && end <= range.end,
  );
}

function addComment(node: Html, owners: readonly Owner[], problems: Problem[]): void {
  const comment = readStepComment(node);
  if (comment.kind === "none") return;
  const at = placeOf(node);
  const owner = findOwner(node, owners);
  if (owner === undefined) {
    problems.push(
      problem("E203", at, "This comment belongs to no step: write it at the end of the step's first line."),
    );
    return;
  }
  if (owner.isLoose) {
    problems.push(problem("W202", at, `This comment was taken for step ${owner.step.id}: indent it below its text.`));
  }
  const { step } = owner;
  if (comment.kind === "wrong") {
    const then = comment.rules.mustDecide ? " Until it is right, whoever does the step says why." : "";
    problems.push(problem("E203", at, `This comment was set aside: ${comment.reason}.${then}`));
  }
  const merged: StepRules = { ...step.rules, ...comment.rules };
  if (Object.keys(merged).length > 0) step.rules = merged;
}

function addCheck(node: Code, owners: readonly Owner[], problems: Problem[]): void {
  const owner = findOwner(node, owners);
  const read = owner === undefined ? undefined : readCheck(node);
  if (owner === undefined || read === undefined) {
    problems.push(problem("E301", placeOf(node), "This check belongs to no step: indent it below the step it is for."));
  } else if (Array.isArray(read)) problems.push(...read);
  else if ((owner.step.checks?.length ?? 0) >= MAX_CHECKS) {
    problems.push(problem("E301", placeOf(node), `A step has at most ${MAX_CHECKS} checks.`));
  } else owner.step.checks = [...(owner.step.checks ?? []), read];
}

/** What only the whole file shows: names used twice, or never declared. */
function lintRules(steps: readonly RunbookStep[], scope: AnnotationScope): Problem[] {
  const problems: Problem[] = [];
  const keys = new Map<string, RunbookStep>();
  for (const step of steps) {
    const key = step.rules?.key;
    const first = key === undefined ? undefined : keys.get(key);
    if (key !== undefined && first !== undefined) {
      problems.push(problem("E201", step.line, `id=${key} is the name of step ${first.id} already: choose another.`));
      const { key: _taken, ...rest } = step.rules ?? {};
      step.rules = rest;
    } else if (key !== undefined) keys.set(key, step);
  }
  for (const step of steps)
    problems.push(...lintStep(step, { steps, keys, ...scope }), ...resolveRunbook(step, scope.file));
  return problems;
}

/** A runbook named by a step becomes its path in the source; one that leads nowhere is left out. */
function resolveRunbook(step: RunbookStep, { path, knownPaths }: AnnotationScope["file"]): Problem[] {
  const { runbook, ...rest } = step.rules ?? {};
  if (runbook === undefined) return [];
  const target = resolveLink(runbook, path);
  if (target.kind === "file" && knownPaths?.has(target.path) !== false) {
    step.rules = { ...rest, runbook: target.path };
    return [];
  }
  step.rules = rest;
  return [problem("E501", step.line, `runbook=${runbook} leads to no file of this source.`)];
}

type Whole = AnnotationScope & { steps: readonly RunbookStep[]; keys: ReadonlyMap<string, RunbookStep> };

function lintStep(step: RunbookStep, { steps, keys, roles, params }: Whole): Problem[] {
  const { rules = {} } = step;
  const problems: Problem[] = [];
  const add = (code: `E${number}`, message: string) => problems.push(problem(code, step.line, message));
  for (const role of [rules.role, rules.approve]) {
    if (role !== undefined && roles !== undefined && !roles.includes(role))
      add("E206", `The role ${role} is not declared: add it to roles in the front matter.`);
  }
  for (const [, key = ""] of (rules.condition ?? "").matchAll(/\bsteps\s*(?:\[\s*["']([^"']+)["']\s*\])/g)) {
    if (!keys.has(key)) add("E205", `if speaks of the step ${key}, and no step has that id.`);
  }
  if (rules.undoes !== undefined && !keys.has(rules.undoes))
    add("E207", `undoes=${rules.undoes} names no step: give that step this id.`);
  if (rules.choose !== undefined && !steps.some(({ id }) => id.startsWith(`${step.id}.`)))
    add("E208", "choose needs tasks below this step to choose from.");
  if (rules.confirm?.startsWith("param:") && !params.includes(rules.confirm.slice(6)))
    add("E210", `confirm=${rules.confirm} names no value: declare it in params.`);
  return problems;
}
