import GithubSlugger from "github-slugger";
import type { Heading } from "mdast";
import { walkMarkdown } from "./markdown-tree";

/** Gives headings the anchors GitHub gives them, so that an author's links within and between files work here too. */
export class HeadingSlugs {
  readonly #slugger = new GithubSlugger();

  /** The anchor of the next heading with this text; repeated ones are numbered. */
  next(text: string): string {
    return this.#slugger.slug(text);
  }

  /** The anchor of the next heading. The words of a picture are no part of it, HTML between the words neither. */
  nextOf(heading: Heading): string {
    const words: string[] = [];
    walkMarkdown(heading, (node) => {
      if (node.type === "text" || node.type === "inlineCode") words.push(node.value);
    });
    return this.next(words.join("").trim());
  }
}
