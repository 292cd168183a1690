import { computeCriticalPath } from "@/features/traces/domain/diagnosis/critical-path";
import { type FoldedTrace, foldTrace } from "@/features/traces/domain/paths/fold-trace";
import type { PathTree } from "@/features/traces/domain/paths/path-tree";
import { findRoot } from "@/features/traces/domain/trace-facts";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";

/** What a root's process says of itself that two groups are checked for. */
const TRAITS = new Set([
  "host.name",
  "k8s.node.name",
  "cloud.region",
  "service.version",
  "deployment.environment",
  "deployment.environment.name",
  "process.runtime.name",
  "process.runtime.version",
]);
const MAX_TRAIT_LENGTH = 200;

/** Folds a trace that was read into a tree shared with others. */
export function foldOpenTrace(open: OpenTrace, tree: PathTree): FoldedTrace {
  return foldTrace(
    {
      traceId: open.traceId,
      trace: open.skeleton,
      onPathUs: computeCriticalPath(open.skeleton).ownUs,
      traits: traitsOf(open),
    },
    tree,
  );
}

function traitsOf(open: OpenTrace): Record<string, string> {
  const root = findRoot(open.skeleton);
  if (root === undefined) return {};
  const told = readSpan(open, root).resource.filter(({ key, value }) => TRAITS.has(key) && value !== "");
  return Object.fromEntries(told.map(({ key, value }) => [key, String(value).slice(0, MAX_TRAIT_LENGTH)]));
}
