import type { Element, ElementContent, Root, RootContent, Text } from "hast";
import { type FilledCommand, fillCommand } from "../../domain/commands/fill-command";
import { visibleText } from "../../domain/commands/visible-text";
import { copiedStretches } from "../../domain/copy-text";

type CodeBlock = { language: string | undefined; command: FilledCommand };
/** A stretch of a block's text and what stands there instead. */
type Replacement = { start: number; end: number; mark: Element };
type Parent = Element | Root;

const blocks = new WeakMap<Element, CodeBlock>();
const NOTHING: CodeBlock = { language: undefined, command: { text: "", parts: [], doubts: [] } };

/** What {@link fillCodeBlocks} made of a `pre`. */
export function codeBlockOf(pre: Element | undefined): CodeBlock {
  return (pre && blocks.get(pre)) ?? NOTHING;
}

/**
 * In every code block, the values of a run where its commands name them, so that what is read is what is copied. Values
 * come in as text of an element of their own; the output of a session, which is not copied, keeps its names.
 */
export function fillCodeBlocks(root: Root, values: Readonly<Record<string, string>>): void {
  for (const pre of elementsOf(root, "pre")) {
    const code =
      pre.children.find((child): child is Element => child.type === "element" && child.tagName === "code") ?? pre;
    const language = languageOf(code);
    const text = textsOf(code)
      .map(({ node }) => node.value)
      .join("");
    const stretches = copiedStretches(text, language);
    const copied = stretches.map(({ start, end }) => text.slice(start, end)).join("\n");
    const command = fillCommand(copied, language, values);
    blocks.set(pre, { language, command });
    const replacements = command.parts.flatMap((part): Replacement[] =>
      part.name === undefined
        ? []
        : [{ start: toBlock(stretches, part.start), end: toBlock(stretches, part.end), mark: toMark(part) }],
    );
    if (replacements.length > 0) replaceText(code, replacements);
  }
}

function toMark({ text, name, isLeftOut = false }: FilledCommand["parts"][number]): Element {
  return {
    type: "element",
    tagName: "mark",
    properties: isLeftOut ? { title: `${name} is left out`, dataLeftOut: "" } : { title: `${name}` },
    children: [{ type: "text", value: visibleText(text) }],
  };
}

/** The offset in the block of an offset in what is copied; one line break stands between two stretches. */
function toBlock(stretches: readonly { start: number; end: number }[], offset: number): number {
  let passed = 0;
  for (const { start, end } of stretches) {
    if (offset <= passed + end - start) return start + offset - passed;
    passed += end - start + 1;
  }
  return stretches.at(-1)?.end ?? 0;
}

/** A name that the highlighter cut in pieces is replaced as one. */
function replaceText(code: Element, replacements: readonly Replacement[]): void {
  const byParent = new Map<Parent, Map<ElementContent | RootContent, ElementContent[]>>();
  let at = 0;
  for (const { parent, node } of textsOf(code)) {
    const [start, end] = [at, at + node.value.length];
    at = end;
    const pieces: ElementContent[] = [];
    let from = start;
    for (const { start: first, end: last, mark } of replacements) {
      if (last <= start || first >= end) continue;
      if (first >= start) pieces.push({ type: "text", value: node.value.slice(from - start, first - start) }, mark);
      from = Math.min(last, end);
    }
    if (from === start && pieces.length === 0) continue;
    pieces.push({ type: "text", value: node.value.slice(from - start) });
    const changed = byParent.get(parent) ?? new Map();
    byParent.set(parent, changed.set(node, pieces));
  }
  for (const [parent, changed] of byParent) {
    parent.children = parent.children.flatMap((child) => changed.get(child) ?? [child]) as typeof parent.children;
  }
}

function languageOf(code: Element): string | undefined {
  const names = code.properties.className;
  const found = Array.isArray(names) ? names.find((name) => String(name).startsWith("language-")) : undefined;
  return found === undefined ? undefined : String(found).slice("language-".length);
}

/** All texts below an element in order, each with what it stands in; without recursion. */
function textsOf(element: Element): { parent: Parent; node: Text }[] {
  const found: { parent: Parent; node: Text }[] = [];
  walk(element, (node, parent) => node.type === "text" && found.push({ parent, node }));
  return found;
}

function elementsOf(root: Root, tagName: string): Element[] {
  const found: Element[] = [];
  walk(root, (node) => node.type === "element" && node.tagName === tagName && found.push(node));
  return found;
}

function walk(top: Parent, visit: (node: ElementContent | RootContent, parent: Parent) => unknown): void {
  const stack: [node: ElementContent | RootContent, parent: Parent][] = [];
  const push = (parent: Parent) =>
    stack.push(...parent.children.map((child): [RootContent, Parent] => [child, parent]).reverse());
  push(top);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    visit(...next);
    if (next[0].type === "element") push(next[0]);
  }
}
