import type { Root, RootContent } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

/** Any node of a Markdown tree. */
export type MarkdownNode = Root | RootContent;

/** A stretch of the source text, `start` included, `end` not; both count UTF-16 units. */
export type SourceRange = { start: number; end: number };

/** Deeper than any procedure; below what the recursive parts of the Markdown libraries can bear. */
export const MAX_NESTING = 60;
const MAX_INDENT_COLUMNS = 240;

const processor = unified().use(remarkParse).use(remarkGfm).freeze();

/** The parser's work grows with the square of the marks in a block: 60,000 in one hold a process up for minutes. */
const MAX_TANGLE = 3000 ** 2;
const MAX_LINES = 10_000;
const MAX_TABLE_ROWS = 2000;

/**
 * Parses GitHub-flavoured Markdown. `undefined` when the text nests deeper than {@link MAX_NESTING} or is a tangle of
 * marks: such a text takes the parser seconds and recursive walkers their stack, so it is refused by its lines, before
 * anything parses it.
 */
export function parseMarkdown(text: string): Root | undefined {
  if (nestsTooDeep(text) || isTangle(text)) return undefined;
  const root = processor.parse(text);
  return depthOf(root) > MAX_NESTING * 3 ? undefined : root;
}

/** Too many lines, or too many marks that may open or close something without an empty line between them. */
function isTangle(text: string): boolean {
  const lines = text.split(/\r\n?|\n/);
  if (lines.length > MAX_LINES) return true;
  const isRow = rowsOfTables(lines);
  let tangle = 0;
  let marks = 0;
  for (const [at, line] of lines.entries()) {
    // Each row of a table is read by itself.
    marks = line.trim() === "" || isRow[at] === true ? 0 : marks;
    const here = line.match(/[*_~[\]!<`|^]/g)?.length ?? 0;
    // The square of a sum, grown line by line.
    tangle += here * (2 * marks + here);
    marks += here;
  }
  return tangle > MAX_TANGLE;
}

/** Which lines are rows of a table: those after a line of dashes with as many cells as the line above it. */
function rowsOfTables(lines: readonly string[]): boolean[] {
  let isInTable = false;
  let rowCount = 0;
  return lines.map((line, at) => {
    if (line.trim() === "") isInTable = false;
    else if (!isInTable && DELIMITER_ROW.test(line)) isInTable = cellCount(line) === cellCount(lines[at - 1] ?? "");
    else if (isInTable) rowCount += 1;
    return isInTable && rowCount <= MAX_TABLE_ROWS;
  });
}

const DELIMITER_ROW = /^ {0,3}\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){0,60}\|[ \t]*$/;

const cellCount = (line: string): number => line.trim().split(/(?<!\\)\|/).length;

/** The children of a node, none for a leaf. */
export function childrenOf(node: MarkdownNode): RootContent[] {
  return "children" in node ? node.children : [];
}

/** Visits every node in document order, parents first; `parents` are the nodes above, outermost first. No recursion. */
export function walkMarkdown(root: MarkdownNode, visit: (node: MarkdownNode, parent?: MarkdownNode) => void): void {
  const stack: { node: MarkdownNode; parent?: MarkdownNode }[] = [{ node: root }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    visit(next.node, next.parent);
    const children = childrenOf(next.node);
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child !== undefined) stack.push({ node: child, parent: next.node });
    }
  }
}

/** The words a reader sees: no markup, no HTML, no comments; white space folded. */
export function plainText(node: MarkdownNode): string {
  const words: string[] = [];
  walkMarkdown(node, (inner) => {
    if (inner.type === "text" || inner.type === "inlineCode" || inner.type === "code") words.push(inner.value);
    else if (inner.type === "image") words.push(inner.alt ?? "");
    else if (inner.type === "break") words.push(" ");
  });
  return words.join("").replace(/\s+/g, " ").trim();
}

/** Where a node stands in the source. Nodes of the parser always have a position; an empty range for one without. */
export function rangeOf(node: MarkdownNode): SourceRange {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}

/** Where a node starts in the file, line and column from 1. */
export function placeOf(node: MarkdownNode): { line: number; column: number } {
  return { line: node.position?.start.line ?? 1, column: node.position?.start.column ?? 1 };
}

/** The line a node starts on, from 1. */
export function lineOf(node: MarkdownNode): number {
  return node.position?.start.line ?? 1;
}

function nestsTooDeep(text: string): boolean {
  for (const line of text.split("\n")) {
    const lead = /^[\t >*+\-\d.)]*/.exec(line)?.[0] ?? "";
    if (lead.length > MAX_INDENT_COLUMNS && /[>*+\-\d]/.test(lead)) return true;
    if ((lead.match(/>|[*+-](?=\s)|\d[.)](?=\s)/g)?.length ?? 0) > MAX_NESTING) return true;
  }
  // Unclosed inline markup nests too; the parser's own limits hold it, brackets are the exception.
  return /[[!]{400}|\*{400}|_{400}/.test(text);
}

function depthOf(root: Root): number {
  let deepest = 0;
  const stack: { node: MarkdownNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    deepest = Math.max(deepest, next.depth);
    for (const child of childrenOf(next.node)) stack.push({ node: child, depth: next.depth + 1 });
  }
  return deepest;
}
