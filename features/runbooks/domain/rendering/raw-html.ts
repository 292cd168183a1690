import type { Html, Root } from "mdast";
import { type MarkdownNode, placeOf, walkMarkdown } from "../markdown-tree";
import type { Place } from "../problem";

/**
 * Tags that change how all text after them is read. GitHub's Markdown shows them as text, and so does this console.
 * https://github.github.com/gfm/#disallowed-raw-html-extension-
 */
export const DISALLOWED_TAGS: ReadonlySet<string> = new Set(
  "title textarea style xmp iframe noembed noframes script plaintext".split(" "),
);
const DISALLOWED = new RegExp(`<(?=/?(?:${[...DISALLOWED_TAGS].join("|")})(?:[\\s/>]|$))`, "gi");
const TAG = /<(\/?)([a-z][a-z0-9-]*)(?=[\s/>])[^>]*>/gi;
const VOID = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Left open, each is opened anew in every block after it: the work of an HTML parser is their number times the blocks. */
const FORMATTING = new Set("a b big code em font i nobr s small strike strong tt u".split(" "));
const MAX_DEPTH = 100;
const MAX_TAGS = 10_000;
const MAX_REOPENED = 20_000;

/** Whether the HTML of a file is so deep, so much or so often left open that it is shown as text instead. */
export function isHtmlTangle(root: Root): boolean {
  const load = new HtmlLoad();
  walkMarkdown(root, (node) => {
    if (node.type === "html") for (const { name, isClosing } of tagsOf(node)) load.addTag(name, isClosing);
    else if ("children" in node) load.addBlock();
  });
  return load.isTooMuch;
}

/** What the tags of a file so far ask of an HTML parser. */
class HtmlLoad {
  isTooMuch = false;
  #tagCount = 0;
  #depth = 0;
  #unclosed = 0;
  #reopened = 0;

  addBlock(): void {
    this.#reopened += this.#unclosed;
    this.isTooMuch ||= this.#reopened > MAX_REOPENED;
  }

  addTag(name: string, isClosing: boolean): void {
    this.addBlock();
    this.#tagCount += 1;
    this.isTooMuch ||= this.#tagCount > MAX_TAGS;
    if (VOID.has(name)) return;
    const step = isClosing ? -1 : 1;
    this.#depth = Math.max(0, this.#depth + step);
    if (FORMATTING.has(name)) this.#unclosed = Math.max(0, this.#unclosed + step);
    this.isTooMuch ||= this.#depth > MAX_DEPTH;
  }
}

/** Turns what must not be read as HTML into text, in place: some tags always, all of them in a tangle. */
export function defuseHtml(root: Root): void {
  const isTangle = isHtmlTangle(root);
  walkMarkdown(root, (node) => {
    if (node.type !== "html") return;
    if (isTangle && !node.value.startsWith("<!--")) toText(node);
    else node.value = node.value.replace(DISALLOWED, "&lt;");
  });
}

/** Tags in a piece of HTML, with where each starts in it. */
export function tagsOf(html: Html): { name: string; text: string; at: number; isClosing: boolean }[] {
  const text = html.value.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => " ".repeat(comment.length));
  return [...text.matchAll(TAG)].map((match) => ({
    name: (match[2] ?? "").toLowerCase(),
    text: match[0],
    at: match.index,
    isClosing: match[1] === "/",
  }));
}

/** The place in the file of an offset in a node's text. */
export function placeIn(node: Html, at: number): Place {
  const { line, column } = placeOf(node);
  const before = node.value.slice(0, at).split("\n");
  return before.length === 1
    ? { line, column: column + at }
    : { line: line + before.length - 1, column: 1 + (before.at(-1)?.length ?? 0) };
}

function toText(node: MarkdownNode): void {
  (node as { type: string }).type = "text";
}
