import { SPAN_CATEGORIES } from "../span-category";
import { nameOf, serviceOf } from "../span-text";
import { hasFlag, NO_PARENT, SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { Step } from "./path-schema";
import { isStatement, normaliseName, normaliseStatement } from "./step-name";

/** Steps deeper than this count as work of their ancestor at the cap. */
export const MAX_PATH_DEPTH = 64;
/** Paths a tree tells apart; steps beyond share {@link OTHER_STEPS}. */
export const MAX_PATHS = 5_000;
/** Where the steps go that a full tree cannot tell apart. */
export const OTHER_STEPS: Step = { service: "", name: "(other steps)", detail: "" };

/** A path: its last step, and the path it hangs below. A parent stands before its children. */
export type PathNode = Step & { parent: number };
/** No path: a step that a tree does not know. */
export const NO_PATH = -1;

/** The steps of many traces, each chain from the root once. Grows to {@link MAX_PATHS} paths. */
export class PathTree {
  readonly nodes: PathNode[] = [];
  readonly #steps = new Map<string, number>();
  readonly #children = new Map<number, number>();
  readonly #maxPaths: number;
  #endings: Map<number, number> | undefined;
  #endingsCount = 0;

  /** @param nodes paths known already, parents first */
  constructor(nodes: readonly PathNode[] = [], { maxPaths = MAX_PATHS }: { maxPaths?: number } = {}) {
    this.#maxPaths = maxPaths;
    for (const node of nodes) this.#add(node.parent, this.stepId(node), node);
  }

  /** A number for a step, the same for equal steps. */
  stepId({ service, name, detail }: Step): number {
    const key = `${service}\0${name}\0${detail}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    this.#steps.set(key, this.#steps.size);
    return this.#steps.size - 1;
  }

  /** The path of a step below `parent` ({@link NO_PARENT} for a root), or {@link NO_PATH}. */
  find(parent: number, stepId: number): number {
    return this.#children.get(childKey(parent, stepId)) ?? NO_PATH;
  }

  /** The first path that ends in a step, wherever it stands, one with a parent before a root; or {@link NO_PATH}. */
  findAnywhere(stepId: number): number {
    if (this.#endings === undefined || this.#endingsCount !== this.nodes.length) {
      this.#endings = new Map();
      this.#endingsCount = this.nodes.length;
      for (const [path, node] of this.nodes.entries()) {
        const ending = this.stepId(node);
        const known = this.#endings.get(ending);
        if (known === undefined || this.nodes[known]?.parent === NO_PARENT) this.#endings.set(ending, path);
      }
    }
    return this.#endings.get(stepId) ?? NO_PATH;
  }

  /** {@link find}, made when new. In a full tree every new step is {@link OTHER_STEPS}, and so is all below it. */
  intern(parent: number, stepId: number, step: Step): number {
    const known = this.find(parent, stepId);
    if (known !== NO_PATH) return known;
    if (this.nodes.length < this.#maxPaths) return this.#add(parent, stepId, { ...step, parent });
    const otherId = this.stepId(OTHER_STEPS);
    const other = this.find(NO_PARENT, otherId);
    return other === NO_PATH ? this.#add(NO_PARENT, otherId, { ...OTHER_STEPS, parent: NO_PARENT }) : other;
  }

  #add(parent: number, stepId: number, { service, name, detail }: PathNode): number {
    const index = this.nodes.push({ service, name, detail, parent }) - 1;
    this.#children.set(childKey(parent, stepId), index);
    return index;
  }
}

// One number instead of a text: a trace of 200,000 spans asks as often. Step numbers stay far below 2^33.
const childKey = (parent: number, stepId: number): number => (parent + 1) * 2 ** 33 + stepId;

/** The path of every row, new ones added to the tree. */
export function internRows(trace: TraceSkeleton, tree: PathTree): Int32Array {
  const stepOf = stepReader(trace);
  return walkRows(trace, (parent, row) => {
    const { id, step } = stepOf(row, tree);
    return tree.intern(parent, id, step);
  });
}

export type FindOptions = {
  /** An orphan is taken for the first path that ends in its step: what was above it is lost. */
  isOrphanAnywhere?: boolean;
  /** Another path for a row, given its parent's path and the one found or {@link NO_PATH}. */
  instead?: (row: number, parent: number, path: number) => number;
};

/** The path of every row where the tree knows it, else {@link NO_PATH}; so for everything below a step it does not know. */
export function findRows(
  trace: TraceSkeleton,
  tree: PathTree,
  { isOrphanAnywhere = false, instead = (_row, _parent, path) => path }: FindOptions = {},
): Int32Array {
  const stepOf = stepReader(trace);
  const isFull = tree.find(NO_PARENT, tree.stepId(OTHER_STEPS));
  return walkRows(trace, (parent, row) => {
    if (isOrphanAnywhere && hasFlag(trace, row, "orphan")) return tree.findAnywhere(stepOf(row, tree).id);
    if (parent === NO_PATH && (trace.parent[row] ?? NO_PARENT) !== NO_PARENT) return isFull;
    const path = instead(row, parent, tree.find(parent, stepOf(row, tree).id));
    return path === NO_PATH ? isFull : path;
  });
}

/** Whether a row is a call of its path, rather than depth folded into it. */
export function isCallOfPath(trace: Pick<TraceSkeleton, "depth">, row: number): boolean {
  return (trace.depth[row] ?? 0) < MAX_PATH_DEPTH;
}

function walkRows(trace: TraceSkeleton, pathOf: (parent: number, row: number) => number): Int32Array {
  const paths = new Int32Array(trace.spanCount);
  for (let row = 0; row < trace.spanCount; row += 1) {
    const above = trace.parent[row] ?? NO_PARENT;
    const parent = above === NO_PARENT ? NO_PARENT : (paths[above] ?? NO_PATH);
    paths[row] = isCallOfPath(trace, row) ? pathOf(parent, row) : parent;
  }
  return paths;
}

type NumberedStep = { step: Step; id: number };

/** The step of a row. Each distinct combination of strings is normalised once: 200,000 spans have a few hundred. */
function stepReader(trace: TraceSkeleton): (row: number, tree: PathTree) => NumberedStep {
  // Two levels of numbers: the product of four string tables would pass 2^53.
  const known = new Map<number, Map<number, NumberedStep>>();
  return (row, tree) => {
    const who = (trace.serviceIndex[row] ?? 0) * trace.names.length + (trace.nameIndex[row] ?? 0);
    const kind = (isCallOut(trace.kind[row] ?? 0) ? 1 : 0) + (trace.category[row] === CACHE ? 2 : 0);
    const what = ((trace.detailIndex[row] ?? 0) * trace.waits.length + (trace.waitIndex[row] ?? 0)) * 4 + kind;
    const ofWho = known.get(who) ?? new Map<number, NumberedStep>();
    known.set(who, ofWho);
    const seen = ofWho.get(what);
    if (seen !== undefined) return seen;
    const step = {
      service: serviceOf(trace, row),
      name: normaliseName(nameOf(trace, row)),
      detail: stepDetailOf(trace, row),
    };
    const numbered = { step, id: tree.stepId(step) };
    ofWho.set(what, numbered);
    return numbered;
  };
}

const CACHE = SPAN_CATEGORIES.indexOf("cache");
const CLIENT = SPAN_KINDS.indexOf("client");
const PRODUCER = SPAN_KINDS.indexOf("producer");
const isCallOut = (kind: number): boolean => kind === CLIENT || kind === PRODUCER;

const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i;
const hostOf = (address: string): string => HOST.exec(address)?.[1] ?? "";

/** Statement of a database call, command of a cache (its keys are data), or whom a call goes to: two calls named `GET` to two hosts are two steps. */
function stepDetailOf(trace: TraceSkeleton, row: number): string {
  const detail = trace.details[trace.detailIndex[row] ?? 0] ?? "";
  if (trace.category[row] === CACHE) return detail.split(" ", 1)[0] ?? "";
  if (isStatement(detail)) return normaliseStatement(detail);
  if (!isCallOut(trace.kind[row] ?? 0)) return "";
  return normaliseName(trace.waits[trace.waitIndex[row] ?? 0] || hostOf(detail));
}
