import gfm from "cmark-gfm-js";
import type { Root, RootContent } from "hast";
import { parseFrontMatter } from "@/features/runbooks/domain/front-matter";
import { parseMarkdown } from "@/features/runbooks/domain/markdown-tree";
import { toSafeTree } from "@/features/runbooks/domain/rendering/to-safe-tree";

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00A0", copy: "©" };

/**
 * The words a reader sees of a Markdown text on GitHub, white space folded: by GitHub's own parser (cmark-gfm in C, made
 * to run here), with its filter of tags. Boxes of tasks are drawn by another part of it and left out.
 */
export function githubText(markdown: string): string {
  const html = gfm.convert(parseFrontMatter(markdown).body, gfm.Option.footnotes);
  const text = html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<li>(\s*(?:<p>)?)\[[ xX]\] /g, "<li>$1")
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d+)|(\w+));/g, (entity, code: string | undefined, name: string) =>
      code === undefined ? (ENTITIES[name] ?? entity) : String.fromCodePoint(Number(code)),
    );
  return folded(text);
}

/** The same of what this console shows. */
export function ourText(markdown: string): string {
  const root = parseMarkdown(parseFrontMatter(markdown).body);
  return root === undefined ? "" : folded(textOf(toSafeTree(root)));
}

function textOf(root: Root): string {
  const words: string[] = [];
  const stack: RootContent[] = [...root.children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === "text") words.push(node.value);
    // The heading of footnotes is for screen readers.
    else if (node.type === "element" && node.properties.id !== "user-content-footnote-label")
      stack.push(...[...node.children].reverse());
  }
  return words.join("");
}

const folded = (text: string): string => text.replace(/\s+/g, " ").trim();
