import type { Blockquote, Heading, Root } from "mdast";
import { HeadingSlugs } from "../../domain/heading-slug";
import { lineOf, type MarkdownNode, plainText, walkMarkdown } from "../../domain/markdown-tree";
import { withEmoji } from "../../domain/rendering/github-emoji";
import { type RunbookStep, type StepTree, stepsOf } from "../../domain/step-tree";

/** A line of the outline: a heading or a step. `anchor` is an element's id on the page. */
export type OutlineEntry = { kind: "heading" | "step"; id: string; title: string; anchor: string; depth: number };

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/i;

/**
 * Readies a parsed file for rendering, in place: headings and steps get their ids, `> [!NOTE]` its kind. Ids are
 * prefixed by the sanitiser, so that no text can take the id of a part of the page. @returns the outline.
 */
export function prepareTree(root: Root, tree: StepTree): OutlineEntry[] {
  const steps = new Map(stepsOf(tree).map((step) => [step.line, step]));
  const slugs = new HeadingSlugs();
  const outline: OutlineEntry[] = [];
  // The page has its own outline.
  root.children = root.children.filter(
    (node) => node.type !== "paragraph" || !/^\[\[_?TOC_?\]\]$/.test(plainText(node)),
  );
  walkMarkdown(root, (node, parent) => {
    if (node.type === "blockquote") markAlert(node);
    if (node.type === "heading") {
      const step = tree.rule === "headings" ? steps.get(lineOf(node)) : undefined;
      outline.push(prepareHeading(node, slugs.nextOf(node), step));
    } else if (node.type === "listItem" && parent?.type === "list" && tree.rule !== "headings") {
      const step = steps.get(lineOf(node));
      // Two items may begin on one line; the outer one is the step.
      steps.delete(lineOf(node));
      if (step !== undefined) outline.push(prepareStep(node, step));
    }
  });
  return outline;
}

function prepareHeading(node: Heading, slug: string, step: RunbookStep | undefined): OutlineEntry {
  setId(node, slug);
  const anchor = `user-content-${slug}`;
  if (step !== undefined) return { kind: "step", id: step.id, title: step.title, anchor, depth: step.depth };
  return { kind: "heading", id: slug, title: withEmoji(plainText(node)), anchor, depth: node.depth };
}

function prepareStep(node: MarkdownNode, { id, title, depth }: RunbookStep): OutlineEntry {
  setId(node, `step-${id}`);
  return { kind: "step", id, title, anchor: `user-content-step-${id}`, depth };
}

function setId(node: MarkdownNode, id: string): void {
  node.data = { ...node.data, hProperties: { id } };
}

/** Takes the marker out of the text and leaves the kind as a class, as GitHub does. */
function markAlert(quote: Blockquote): void {
  const [first] = quote.children;
  if (first?.type !== "paragraph") return;
  const text = first.children[0];
  if (text?.type !== "text") return;
  const kind = ALERT.exec(text.value)?.[1]?.toLowerCase();
  if (kind === undefined) return;
  const rest = text.value.replace(ALERT, "");
  // As on GitHub, a marker with nothing to say is a quote.
  if (rest === "" && first.children.length === 1 && quote.children.length === 1) return;
  text.value = rest;
  if (rest === "" && first.children[1]?.type === "break") first.children.splice(0, 2);
  if (rest === "" && first.children.length === 1) quote.children.shift();
  quote.data = { ...quote.data, hProperties: { className: ["alert", `alert-${kind}`] } };
}
