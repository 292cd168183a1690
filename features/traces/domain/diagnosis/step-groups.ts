import { SPAN_CATEGORIES } from "../span-category";
import { SPAN_KINDS, type TraceSkeleton } from "../trace-skeleton";
import type { Timeline } from "./timeline";

/** All spans of a trace that do the same thing in the same place: the same chain of shapes from the root. */
export type StepGroup = {
  /** Index of the group its parents are in, or -1. */
  parent: number;
  /** By start of their parents. */
  nodes: number[];
};

/** The groups, parents before children, and the group of each node. */
export function groupSteps({ count, parent, rows }: Timeline, shapeOfRow: Int32Array, shapeCount: number) {
  const groups: StepGroup[] = [];
  const groupOf = new Int32Array(count);
  const index = new GroupIndex(count, shapeCount);
  for (let node = 0; node < count; node += 1) {
    const above = parent[node] ?? -1;
    const parentGroup = above === -1 ? -1 : (groupOf[above] ?? -1);
    const group = index.groupOf(parentGroup, shapeOfRow[rows[node] ?? 0] ?? 0);
    if (group === groups.length) groups.push({ parent: parentGroup, nodes: [] });
    groups[group]?.nodes.push(node);
    groupOf[node] = group;
  }
  return { groups, groupOf };
}

/** So many groups below one are looked through in turn; further ones are looked up. */
const MAX_LISTED = 8;

/**
 * Numbers groups as they are first asked for. The first below each stand in a list: a map of all of them took a third of the
 * diagnosis of a chain of 100,000.
 */
class GroupIndex {
  readonly #shapeCount: number;
  /** By `group + 1`. */
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #shapeOf: Int32Array;
  readonly #further = new Map<number, number>();
  #count = 0;

  constructor(maxCount: number, shapeCount: number) {
    this.#shapeCount = shapeCount;
    this.#first = new Int32Array(maxCount + 1).fill(-1);
    this.#next = new Int32Array(maxCount).fill(-1);
    this.#shapeOf = new Int32Array(maxCount);
  }

  groupOf(parent: number, shape: number): number {
    const first = this.#first[parent + 1] ?? -1;
    let listed = 0;
    for (let group = first; group !== -1; group = this.#next[group] ?? -1) {
      if (this.#shapeOf[group] === shape) return group;
      listed += 1;
    }
    const id = (parent + 1) * this.#shapeCount + shape;
    const known = listed === MAX_LISTED ? this.#further.get(id) : undefined;
    if (known !== undefined) return known;
    const group = this.#count;
    this.#count += 1;
    this.#shapeOf[group] = shape;
    if (listed === MAX_LISTED) this.#further.set(id, group);
    else {
      this.#next[group] = first;
      this.#first[parent + 1] = group;
    }
    return group;
  }
}

const SERVER = SPAN_KINDS.indexOf("server");
const CLIENT = SPAN_KINDS.indexOf("client");
const PRODUCER = SPAN_KINDS.indexOf("producer");
const CONSUMER = SPAN_KINDS.indexOf("consumer");
const OTHER = SPAN_CATEGORIES.indexOf("other");
const HTTP = SPAN_CATEGORIES.indexOf("http");
const DATABASE = SPAN_CATEGORIES.indexOf("database");
const CACHE = SPAN_CATEGORIES.indexOf("cache");

type Kinds = Pick<TraceSkeleton, "kind" | "category">;
type Named = Kinds & Pick<TraceSkeleton, "names" | "nameIndex">;

/** Names that instrumentations give queries, for spans that came without attributes: `SELECT orders`, `pg.query:SELECT`. */
const QUERY_NAME =
  /^(?:(?:pg|mysql2?|sql|mongodb|mongo|postgres(?:ql)?|sqlite3?|redis|jdbc|psycopg2?|sqlalchemy)[.:\- ]\S|(?:SELECT|INSERT|UPDATE|DELETE|UPSERT|MERGE|EXECUTE) |(?:SELECT|INSERT|UPDATE|DELETE)$)/;
const queryNames = new WeakMap<readonly string[], boolean[]>();

function isNamedAsQuery({ names, nameIndex }: Named, row: number): boolean {
  let known = queryNames.get(names);
  if (known === undefined) {
    known = names.map((name) => QUERY_NAME.test(name));
    queryNames.set(names, known);
  }
  return known[nameIndex[row] ?? 0] ?? false;
}

/** Whether a span is a call to another system. An internal span that speaks of HTTP is a controller, not a call. */
export function isCall(trace: Named, row: number): boolean {
  const { kind, category } = trace;
  const ofRow = kind[row];
  if (ofRow === CLIENT || ofRow === PRODUCER) return true;
  if (ofRow === SERVER || ofRow === CONSUMER || category[row] === HTTP) return false;
  return category[row] !== OTHER || isNamedAsQuery(trace, row);
}

/** Whether a span is a query: of a database, or of a cache, which is one to whoever waits for it. */
export function isQuery(trace: Named, row: number): boolean {
  const category = trace.category[row];
  return category === DATABASE || category === CACHE || (category === OTHER && isNamedAsQuery(trace, row));
}

/** Whether a span asks a cache: its name is a command, which says little without the key. */
export const isCache = ({ category }: Pick<TraceSkeleton, "category">, row: number): boolean => category[row] === CACHE;

/** Whether a child of a call runs in the system called; spans of looking up its address and connecting to it do not. */
export function hasAnswer(trace: TraceSkeleton, { rows, subtreeEnd }: Timeline, node: number): boolean {
  const service = trace.serviceIndex[rows[node] ?? 0];
  const end = subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < end; child = subtreeEnd[child] ?? end) {
    const row = rows[child] ?? 0;
    if (trace.kind[row] === SERVER || trace.serviceIndex[row] !== service) return true;
  }
  return false;
}
