import type { FoldedTrace } from "@/features/traces/domain/paths/fold-trace";
import type { PathTree } from "@/features/traces/domain/paths/path-tree";
import type { OpenTrace } from "../open-trace";
import { runTask } from "../threads/run-task";

/** Folds one trace of any size; nothing else may add to the tree meanwhile. */
export async function foldWhole(open: OpenTrace, tree: PathTree, signal?: AbortSignal): Promise<FoldedTrace> {
  const { folded, added } = await runTask("fold", open, { nodes: tree.nodes }, signal);
  for (const node of added) tree.intern(node.parent, tree.stepId(node), node);
  return folded;
}
