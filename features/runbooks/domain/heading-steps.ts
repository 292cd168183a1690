import type { Heading, Root } from "mdast";
import { isNumbered } from "./heading-number";
import { plainText, rangeOf, type SourceRange } from "./markdown-tree";
import type { TreeBuilder } from "./tree-builder";

/** Headings numbered by their author, when there are at least two of them. */
export function findNumberedHeadings(root: Root): Heading[] {
  const numbered = root.children.flatMap((node) =>
    node.type === "heading" && isNumbered(plainText(node)) ? [node] : [],
  );
  return numbered.length >= 2 ? numbered : [];
}

/**
 * Rule R2: each numbered heading is a step, and what follows it is its body, down to the next heading that is not
 * deeper. Headings inside the body stay in the body.
 */
export function addHeadingSteps(root: Root, builder: TreeBuilder): void {
  const numbered = new Set(findNumberedHeadings(root));
  let open: { depth: number; body: SourceRange[] } | undefined;
  for (const block of root.children) {
    if (block.type === "heading" && numbered.has(block)) {
      const step = builder.addStep(block, block);
      open = step && { depth: block.depth, body: step.body };
      continue;
    }
    if (block.type === "heading" && block.depth <= (open?.depth ?? block.depth)) {
      open = undefined;
      builder.startSection(block);
      continue;
    }
    if (open === undefined) builder.addProse(rangeOf(block));
    else open.body.push(rangeOf(block));
  }
}
