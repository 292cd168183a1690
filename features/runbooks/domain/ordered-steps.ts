import type { Heading, List, ListItem, Root, RootContent } from "mdast";
import { placeOf, plainText, rangeOf } from "./markdown-tree";
import { problem } from "./problem";
import type { TreeBuilder } from "./tree-builder";

const ACTION_SECTION = /^(?:diagnos|mitigat|resol|remediat|fix)/i;

/** What counts as steps: in an alert's runbook only the lists under Diagnosis, Mitigation and the like. */
export type OrderedScope = { source: string; isAlert: boolean };

type OpenList = { nextNumber: number; isLazy: boolean; wasHealed: boolean };

/** How many items of top-level ordered lists {@link addOrderedSteps} would make into steps. */
export function countOrderedItems(root: Root, { isAlert }: Pick<OrderedScope, "isAlert">): number {
  let isInScope = !isAlert;
  let count = 0;
  for (const block of root.children) {
    if (block.type === "heading" && isAlert && block.depth <= 2) isInScope = ACTION_SECTION.test(plainText(block));
    else if (block.type === "list" && block.ordered && isInScope) count += block.children.length;
  }
  return count;
}

/**
 * Rule R3: each item of a top-level ordered list is a step. A list that broke because its text was not indented is
 * healed: inside one section, a list that goes on counting (or restarts at 1 where every item is written `1.`)
 * continues the former one, and the blocks between belong to the step above.
 */
export function addOrderedSteps(root: Root, builder: TreeBuilder, scope: OrderedScope): void {
  const rule = new OrderedRule(builder, scope);
  for (const block of root.children) {
    if (block.type === "heading") rule.addHeading(block);
    else if (block.type === "list" && block.ordered) rule.addList(block);
    else rule.addBlock(block);
  }
  rule.close();
}

class OrderedRule {
  readonly #builder: TreeBuilder;
  readonly #scope: OrderedScope;
  #isInScope: boolean;
  #open: OpenList | undefined;
  /** Blocks since the last list, until it is known whether a list goes on after them. */
  #between: RootContent[] = [];

  constructor(builder: TreeBuilder, scope: OrderedScope) {
    this.#builder = builder;
    this.#scope = scope;
    this.#isInScope = !scope.isAlert;
  }

  addHeading(heading: Heading): void {
    this.close();
    if (this.#scope.isAlert && heading.depth <= 2) this.#isInScope = ACTION_SECTION.test(plainText(heading));
    this.#builder.startSection(heading);
  }

  addBlock(block: RootContent): void {
    if (this.#open === undefined) this.#builder.addProse(rangeOf(block));
    else this.#between.push(block);
  }

  addList(list: List): void {
    if (!this.#isInScope) {
      this.addBlock(list);
      return;
    }
    const isLazy = isLazyList(list, this.#scope.source);
    const continues = this.#open !== undefined && isContinuation(this.#open, list, isLazy);
    const isSplit = continues && this.#between.length > 0;
    if (isSplit) lintHealed(this.#builder, list);
    const wasHealed = isSplit || (continues && this.#open?.wasHealed === true);
    this.#flush(continues || this.#open?.wasHealed === true);
    for (const item of list.children) addItemStep(item, this.#builder);
    this.#open = { nextNumber: (list.start ?? 1) + list.children.length, isLazy, wasHealed };
  }

  /** Where a list had to be healed, its author does not indent: what follows its last item belongs to it as well. */
  close(): void {
    this.#flush(this.#open?.wasHealed === true);
    this.#open = undefined;
  }

  #flush(isBodyOfStep: boolean): void {
    for (const block of this.#between) {
      this.#builder.addNote(isBodyOfStep ? this.#builder.lastTopStep : undefined, block);
    }
    this.#between = [];
  }
}

function isContinuation(open: OpenList, list: List, isLazy: boolean): boolean {
  return list.start === open.nextNumber || (list.start === 1 && open.isLazy && isLazy);
}

/** Every marker in the source is the number one. */
function isLazyList(list: List, source: string): boolean {
  return list.children.every((item) => /^1[.)]/.test(source.slice(rangeOf(item).start, rangeOf(item).start + 2)));
}

function lintHealed(builder: TreeBuilder, list: List): void {
  if (builder.problems.some(({ code }) => code === "W210")) return;
  const message =
    "The list breaks here, because the text before is not indented: it was joined to the step above. Indent it by three spaces.";
  builder.problems.push(problem("W210", placeOf(list), message));
}

/** An item of a list as a step: its first paragraph the title, the rest the body. */
export function addItemStep(item: ListItem, builder: TreeBuilder): void {
  const [first, ...rest] = item.children;
  const title = first?.type === "paragraph" ? first : undefined;
  const step = builder.addStep(title, item);
  if (step === undefined) builder.addProse(rangeOf(item));
  else for (const block of title === undefined ? item.children : rest) step.body.push(rangeOf(block));
}
