import type { Heading, Paragraph } from "mdast";
import { withoutNumber } from "./heading-number";
import { lineOf, type MarkdownNode, placeOf, plainText, rangeOf, type SourceRange } from "./markdown-tree";
import { type Problem, problem } from "./problem";
import type { RunbookSection, RunbookStep } from "./step-tree";

export const MAX_STEPS = 500;
const MAX_TITLE_CHARS = 200;

/** Collects sections and numbered steps while a rule walks the file from top to bottom. */
export class TreeBuilder {
  readonly sections: RunbookSection[] = [{ title: "", depth: 0, line: 1, items: [] }];
  readonly problems: Problem[] = [];
  /** The last step without a parent in the present section. */
  lastTopStep: RunbookStep | undefined;
  #count = 0;
  #topCount = 0;
  #partCounts = new Map<string, number>();

  startSection(heading: Heading): void {
    const title = plainText(heading);
    this.sections.push({ title, depth: heading.depth, line: lineOf(heading), items: [] });
    this.lastTopStep = undefined;
  }

  addProse(range: SourceRange): void {
    this.#items().push({ kind: "prose", range });
  }

  /** Text that belongs to a step, or to the section when there is no step yet. */
  addNote(owner: RunbookStep | undefined, node: MarkdownNode): void {
    if (owner === undefined) this.addProse(rangeOf(node));
    else owner.body.push(rangeOf(node));
  }

  /** The new step, or `undefined` beyond {@link MAX_STEPS}: what it holds is then shown as text. */
  addStep(title: Paragraph | Heading | undefined, at: MarkdownNode, parent?: RunbookStep): RunbookStep | undefined {
    if (this.#count >= MAX_STEPS) {
      this.#refuseStep(at);
      return undefined;
    }
    this.#count += 1;
    const id = this.#nextId(parent);
    const text = title === undefined ? "" : titleText(title);
    const step: RunbookStep = {
      id,
      title: shorten(text === "" ? `Step ${id}` : text),
      ...(title === undefined || text === "" ? {} : { heading: rangeOf(title) }),
      depth: parent === undefined ? 0 : parent.depth + 1,
      line: lineOf(at),
      body: [],
    };
    this.#items().push({ kind: "step", step });
    if (parent === undefined) this.lastTopStep = step;
    return step;
  }

  get stepCount(): number {
    return this.#count;
  }

  #nextId(parent: RunbookStep | undefined): string {
    if (parent === undefined) {
      this.#topCount += 1;
      return String(this.#topCount);
    }
    const part = (this.#partCounts.get(parent.id) ?? 0) + 1;
    this.#partCounts.set(parent.id, part);
    return `${parent.id}.${part}`;
  }

  #items(): RunbookSection["items"] {
    return this.sections[this.sections.length - 1]?.items ?? [];
  }

  #refuseStep(at: MarkdownNode): void {
    if (this.problems.some(({ code }) => code === "E209")) return;
    this.problems.push(problem("E209", placeOf(at), `More than ${MAX_STEPS} steps: from here on they are text only.`));
  }
}

function shorten(text: string): string {
  return text.length <= MAX_TITLE_CHARS ? text : `${text.slice(0, MAX_TITLE_CHARS - 1).trimEnd()}…`;
}

function titleText(title: Paragraph | Heading): string {
  const text = plainText(title);
  return title.type === "heading" ? withoutNumber(text) : text;
}
