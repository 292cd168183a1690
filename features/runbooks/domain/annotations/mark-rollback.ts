import { HeadingSlugs } from "../heading-slug";
import type { RunbookSection } from "../step-tree";

const ROLLBACK = /^(?:roll(?:ing)?[ -]?back|back(?:ing)?[ -]?out|undo|abort)\b/i;

/**
 * Marks the sections that are followed only when a run is backed out of: the one the author named by its words or
 * anchor, else those whose heading says so, with what stands deeper below. A file that is nothing but such steps is
 * followed as it stands.
 */
export function markRollback(sections: RunbookSection[], named: string | undefined): void {
  const slugs = new HeadingSlugs();
  const wanted = named?.replace(/^#/, "").toLowerCase();
  const found = new Set<RunbookSection>();
  let openDepth: number | undefined;
  for (const section of sections) {
    const slug = slugs.next(section.title);
    if (openDepth !== undefined && section.depth <= openDepth) openDepth = undefined;
    const isNamed =
      wanted === undefined
        ? section.depth > 1 && ROLLBACK.test(section.title)
        : section.title !== "" && (slug === wanted || section.title.toLowerCase() === wanted);
    if (isNamed) openDepth ??= section.depth;
    if (openDepth !== undefined) found.add(section);
  }
  const hasSteps = ({ items }: RunbookSection) => items.some(({ kind }) => kind === "step");
  if (sections.every((section) => found.has(section) || !hasSteps(section))) return;
  for (const section of found) section.isRollback = true;
}
