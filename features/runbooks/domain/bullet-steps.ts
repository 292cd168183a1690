import type { Root } from "mdast";
import { addItemStep } from "./ordered-steps";
import type { TreeBuilder } from "./tree-builder";

/** `steps: bullets`, never by itself: each item of every top-level list is a step. Most bullets are alternatives. */
export function addBulletSteps(root: Root, builder: TreeBuilder): void {
  for (const block of root.children) {
    if (block.type === "heading") builder.startSection(block);
    else if (block.type === "list") for (const item of block.children) addItemStep(item, builder);
    else builder.addNote(builder.lastTopStep, block);
  }
}
