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
export function groupSteps(timeline: Timeline, shapeOfRow: Int32Array, shapeCount: number) {
  const groups: StepGroup[] = [];
  const groupOf = new Int32Array(timeline.count);
  const known = new Map<number, number>();
  for (let node = 0; node < timeline.count; node += 1) {
    const above = timeline.parent[node] ?? -1;
    const parent = above === -1 ? -1 : (groupOf[above] ?? -1);
    const id = (parent + 1) * shapeCount + (shapeOfRow[timeline.rows[node] ?? 0] ?? 0);
    const group = known.get(id) ?? groups.push({ parent, nodes: [] }) - 1;
    known.set(id, group);
    groups[group]?.nodes.push(node);
    groupOf[node] = group;
  }
  return { groups, groupOf };
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
  const known = queryNames.get(names) ?? names.map((name) => QUERY_NAME.test(name));
  queryNames.set(names, known);
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
