import type { Root, RootContent } from "mdast";
import type { ReactNode } from "react";
import { parseFrontMatter } from "../../domain/front-matter";
import { withoutNumber } from "../../domain/heading-number";
import { childrenOf, parseMarkdown, plainText, rangeOf, type SourceRange } from "../../domain/markdown-tree";
import { MAX_TITLE_CHARS } from "../../domain/parse-runbook";
import { withEmoji } from "../../domain/rendering/github-emoji";
import type { RunbookStep, StepTree } from "../../domain/step-tree";
import { type MarkdownPlace, markdownComponents } from "./components";
import styles from "./markdown.module.css";
import { type OutlineEntry, prepareTree } from "./prepare-tree";
import { toElements } from "./to-elements";

/**
 * A runbook's text, parsed once, to be shown whole or in parts. Runs on the server: no browser loads the parser.
 * A text that nests too deep to parse is shown as it is.
 */
export class MarkdownFile {
  readonly outline: OutlineEntry[];
  readonly #root: Root | undefined;
  readonly #definitions: RootContent[];
  readonly #place: MarkdownPlace;
  readonly #text: string;

  constructor({ text, tree, place }: { text: string; tree: StepTree; place: MarkdownPlace }) {
    this.#text = text;
    this.#place = place;
    this.#root = parseMarkdown(parseFrontMatter(text).body);
    this.outline = this.#root === undefined ? [] : prepareTree(this.#root, tree);
    this.#definitions = (this.#root?.children ?? []).filter(
      ({ type }) => type === "definition" || type === "footnoteDefinition",
    );
  }

  /** The whole file; without its first heading where that says what the page's title says. */
  whole({ skipTitle }: { skipTitle?: string }): ReactNode {
    if (this.#root === undefined) return <pre className={styles.plain}>{this.#text}</pre>;
    const first = this.#root.children.findIndex((node) => node.type === "heading");
    const title = this.#root.children[first];
    const isTitle =
      skipTitle !== undefined && title?.type === "heading" && title.depth === 1 && isSameText(title, skipTitle);
    const children = isTitle ? this.#root.children.filter((node) => node !== title) : this.#root.children;
    return <div className={styles.markdown}>{this.#render({ type: "root", children })}</div>;
  }

  /** The blocks at these places of the file; `undefined` when there is nothing to see in them. */
  blocks(ranges: readonly SourceRange[]): ReactNode | undefined {
    const nodes = this.#findBlocks(ranges);
    if (nodes.every(isUnseen)) return undefined;
    const children = [...nodes, ...this.#definitions.filter((node) => !nodes.includes(node))];
    return <div className={styles.markdown}>{this.#render({ type: "root", children })}</div>;
  }

  /** A step's title in its own markup, without the number its author gave it. */
  title(step: RunbookStep): ReactNode {
    const [node] = step.heading === undefined ? [] : this.#findBlocks([step.heading]);
    if (node?.type !== "paragraph" && node?.type !== "heading") return step.title;
    const [first, ...rest] = node.children;
    const children =
      node.type === "heading" && first?.type === "text"
        ? [{ ...first, value: withoutNumber(first.value) }, ...rest]
        : node.children;
    const root: Root = { type: "root", children: [{ type: "paragraph", children }, ...this.#definitions] };
    return <span className={styles.inline}>{this.#render(root, true)}</span>;
  }

  #render(root: Root, isCompact = false): ReactNode {
    return toElements(root, {
      components: markdownComponents(this.#place, isCompact),
      values: this.#place.values ?? {},
    });
  }

  /** The outermost nodes inside the ranges, in document order; list items come back inside a list. */
  #findBlocks(ranges: readonly SourceRange[]): RootContent[] {
    const found: RootContent[] = [];
    const stack: RootContent[] = [...(this.#root?.children ?? [])].reverse();
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const { start, end } = rangeOf(node);
      if (ranges.some((range) => range.start <= start && end <= range.end)) addBlock(found, node);
      else if (ranges.some((range) => range.start < end && start < range.end)) {
        stack.push(...[...childrenOf(node)].reverse());
      }
    }
    return found;
  }
}

/** Comments and definitions show nothing by themselves. */
function isUnseen(node: RootContent): boolean {
  return (
    node.type === "definition" ||
    (node.type === "html" && node.value.replace(/<!--[\s\S]*?(?:-->|$)/g, "").trim() === "")
  );
}

function isSameText(heading: RootContent, title: string): boolean {
  return withEmoji(plainText(heading)).slice(0, MAX_TITLE_CHARS) === title;
}

function addBlock(found: RootContent[], node: RootContent): void {
  if (node.type !== "listItem") {
    found.push(node);
    return;
  }
  const last = found.at(-1);
  if (last?.type === "list" && last.data !== undefined && "isPart" in last.data) last.children.push(node);
  else found.push({ type: "list", ordered: false, spread: false, children: [node], data: { isPart: true } as object });
}
