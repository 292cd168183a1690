import type { Root } from "mdast";
import { parseFrontMatter } from "./front-matter";
import { HeadingSlugs } from "./heading-slug";
import { parseMarkdown, walkMarkdown } from "./markdown-tree";

/** What a link of a runbook may point at inside a file, and what is always there. */
export type Anchors = ReadonlySet<string>;

/** Lines of the source view, footnotes, and the top of the page: no heading makes them. */
const ALWAYS_THERE = /^(?:top|L\d+(?:-L\d+)?|(?:user-content-)?fn(?:ref)?-.+)?$/i;
const HTML_HEADING = /<h[1-6](?:\s[^>]*)?>([\s\S]{0,300}?)<\/h[1-6]>/gi;
const HTML_NAME = /\s(?:id|name)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))/gi;

/** The anchors GitHub gives the headings of a file, and those its author wrote as HTML; all in lower case. */
export function anchorsOf(root: Root): Anchors {
  const anchors = new Set<string>();
  const slugs = new HeadingSlugs();
  walkMarkdown(root, (node) => {
    if (node.type === "heading") anchors.add(slugs.nextOf(node));
    if (node.type !== "html") return;
    for (const [, ...named] of node.value.matchAll(HTML_NAME)) anchors.add(named.join("").toLowerCase());
    for (const [, text = ""] of node.value.matchAll(HTML_HEADING))
      anchors.add(slugs.next(text.replace(/<[^>]*>/g, "").trim()));
  });
  return anchors;
}

/** {@link anchorsOf} a file's text; undefined for one that is not read, of which nothing is known. */
export function anchorsIn(text: string): Anchors | undefined {
  const root = parseMarkdown(parseFrontMatter(text).body);
  return root === undefined ? undefined : anchorsOf(root);
}

/** Whether a link with this anchor ends somewhere. GitHub finds an anchor in either case, with its own prefix or not. */
export function hasAnchor(anchors: Anchors, anchor: string): boolean {
  return ALWAYS_THERE.test(anchor) || anchors.has(anchor.toLowerCase().replace(/^user-content-/, ""));
}
