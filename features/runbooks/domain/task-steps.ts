import type { List, ListItem, Root, RootContent } from "mdast";
import { childrenOf, type MarkdownNode, placeOf, rangeOf, walkMarkdown } from "./markdown-tree";
import { problem } from "./problem";
import type { RunbookStep } from "./step-tree";
import type { TreeBuilder } from "./tree-builder";

type Work = { node: RootContent; owner: RunbookStep | undefined };

/** True when the file has at least one task (`- [ ]`, `1. [ ]`) outside quotes and tables. */
export function hasTasks(root: Root): boolean {
  return root.children.some((child) => child.type === "list" && findTaskHolders(child).has(child));
}

/**
 * Rule R1: every task is a step, nested tasks are its parts, also under plain bullets. Plain bullets, code and quotes
 * inside a task are its body. A box ticked in the source starts unticked.
 */
export function addTaskSteps(root: Root, builder: TreeBuilder): void {
  for (const block of root.children) {
    if (block.type === "heading") builder.startSection(block);
    else if (block.type === "list") addTaskList(block, builder);
    else builder.addProse(rangeOf(block));
  }
}

function addTaskList(list: List, builder: TreeBuilder): void {
  const holders = findTaskHolders(list);
  const stack: Work[] = [{ node: list, owner: undefined }];
  const push = (nodes: RootContent[], owner: RunbookStep | undefined) => {
    for (const node of [...nodes].reverse()) stack.push({ node, owner });
  };
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, owner } = next;
    if (node.type === "listItem" && isTask(node)) addTask(node, owner, builder, push);
    else if (holders.has(node)) push(childrenOf(node), owner);
    else builder.addNote(owner, node);
  }
}

function addTask(
  item: ListItem,
  owner: RunbookStep | undefined,
  builder: TreeBuilder,
  push: (nodes: RootContent[], owner: RunbookStep | undefined) => void,
): void {
  if (item.checked) {
    builder.problems.push(problem("W204", placeOf(item), "This box is ticked in the file; every run starts unticked."));
  }
  const [first, ...rest] = item.children;
  const title = first?.type === "paragraph" ? first : undefined;
  const step = builder.addStep(title, item, owner);
  if (step === undefined) builder.addNote(owner, item);
  else push(title === undefined ? item.children : rest, step);
}

/** Lists and items that are, or hold, a task. Quotes are left alone: a task quoted is not a task set. */
function findTaskHolders(list: List): Set<MarkdownNode> {
  const parents = new Map<MarkdownNode, MarkdownNode | undefined>();
  const holders = new Set<MarkdownNode>();
  walkMarkdown(list, (node, parent) => {
    const isReachable =
      parent === undefined || (parents.has(parent) && (parent.type === "list" || parent.type === "listItem"));
    if (!isReachable || (node.type !== "list" && node.type !== "listItem")) return;
    parents.set(node, parent);
    if (node.type !== "listItem" || !isTask(node)) return;
    for (let up: MarkdownNode | undefined = node; up !== undefined && !holders.has(up); up = parents.get(up))
      holders.add(up);
  });
  return holders;
}

function isTask(item: ListItem): boolean {
  return typeof item.checked === "boolean";
}
