import { isStatement, normaliseName, normaliseStatement } from "../paths/step-name";
import { SPAN_CATEGORIES } from "../span-category";
import type { TraceSkeleton } from "../trace-skeleton";

type Columns = Pick<
  TraceSkeleton,
  | "spanCount"
  | "names"
  | "details"
  | "waits"
  | "nameIndex"
  | "serviceIndex"
  | "detailIndex"
  | "waitIndex"
  | "category"
  | "kind"
  | "parent"
  | "childCount"
>;

const DATABASE = SPAN_CATEGORIES.indexOf("database");
const CACHE = SPAN_CATEGORIES.indexOf("cache");
const HTTP = SPAN_CATEGORIES.indexOf("http");

/** Per row a number that rows share when they do the same thing but for values, and the text that says so. */
export type CallShapes = { ofRow: Int32Array; keys: string[] };

/**
 * Names and details without literals, numbers and ids. A prepared statement without its SQL is told apart by its
 * prepared name where nothing wraps it; commands of a cache by the command alone, as their keys are data. Each distinct pair of strings is
 * normalised once.
 */
export function computeCallShapes(trace: Columns): CallShapes {
  const names = trace.names.map(normaliseName);
  const details = trace.details.map((detail) => (isStatement(detail) ? normaliseStatement(detail) : undefined));
  const waits = trace.waits.map(normaliseName);
  const keyOf = new Map<string, number>();
  const keys: string[] = [];
  const known = new Map<number, number>();
  const ofRow = new Int32Array(trace.spanCount);
  for (let row = 0; row < trace.spanCount; row += 1) {
    const category = trace.category[row] ?? 0;
    const who = ((trace.serviceIndex[row] ?? 0) * 8 + category) * 8 + (trace.kind[row] ?? 0);
    const wait = trace.waitIndex[row] ?? 0;
    const detailIndex = isWrappedStatement(trace, row) ? 0 : (trace.detailIndex[row] ?? 0);
    const what = (trace.nameIndex[row] ?? 0) * trace.details.length + detailIndex;
    // Below 2^53 for every trace the decoders let through: 256 KiB of details, 16 KiB of waits, a million spans.
    const id = (what * trace.waits.length + wait) * 4096 + (who % 4096);
    const seen = known.get(id);
    if (seen !== undefined) {
      ofRow[row] = seen;
      continue;
    }
    const detail = details[detailIndex] ?? plainDetail(trace.details[detailIndex] ?? "", category);
    const key = [who, waits[wait], names[trace.nameIndex[row] ?? 0], detail].join("\0");
    const shape = keyOf.get(key) ?? keys.push(key) - 1;
    keyOf.set(key, shape);
    known.set(id, shape);
    ofRow[row] = shape;
  }
  return { ofRow, keys };
}

/**
 * A prepared statement below a span of its own (`Project.find_by_sql`): the wrapper's name tells which it is, while the
 * driver has the text of it only now and then.
 */
function isWrappedStatement(trace: Columns, row: number): boolean {
  if (trace.category[row] !== DATABASE || trace.childCount[trace.parent[row] ?? -1] !== 1) return false;
  return trace.names[trace.nameIndex[row] ?? 0]?.startsWith("EXECUTE") ?? false;
}

function plainDetail(detail: string, category: number): string {
  if (category === CACHE) return detail.split(" ", 1)[0] ?? "";
  const address = category === HTTP || detail.includes("://") ? (detail.split(/[?#]/, 1)[0] ?? "") : detail;
  return normaliseName(address);
}
