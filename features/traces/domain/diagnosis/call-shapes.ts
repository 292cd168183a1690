import { isStatement, normaliseName, normaliseStatement } from "../paths/step-name";
import { SPAN_CATEGORIES } from "../span-category";
import type { TraceSkeleton } from "../trace-skeleton";

type Columns = Pick<
  TraceSkeleton,
  "spanCount" | "names" | "details" | "nameIndex" | "serviceIndex" | "detailIndex" | "category" | "kind"
>;

const CACHE = SPAN_CATEGORIES.indexOf("cache");
const HTTP = SPAN_CATEGORIES.indexOf("http");

/** Per row a number that rows share when they do the same thing but for values, and the text that says so. */
export type CallShapes = { ofRow: Int32Array; keys: string[] };

/**
 * Names and details without literals, numbers and ids. A prepared statement without its SQL is told apart by its
 * prepared name; commands of a cache by the command alone, as their keys are data. Each distinct pair of strings is
 * normalised once.
 */
export function computeCallShapes(trace: Columns): CallShapes {
  const names = trace.names.map(normaliseName);
  const details = trace.details.map((detail) => (isStatement(detail) ? normaliseStatement(detail) : undefined));
  const keyOf = new Map<string, number>();
  const keys: string[] = [];
  const known = new Map<number, number>();
  const ofRow = new Int32Array(trace.spanCount);
  for (let row = 0; row < trace.spanCount; row += 1) {
    const category = trace.category[row] ?? 0;
    const who = ((trace.serviceIndex[row] ?? 0) * 8 + category) * 8 + (trace.kind[row] ?? 0);
    const what = (trace.nameIndex[row] ?? 0) * trace.details.length + (trace.detailIndex[row] ?? 0);
    // Below 2^53 for every trace the decoders let through: 256 KiB of details, a million spans.
    const id = what * 65_536 + (who % 65_536);
    const seen = known.get(id);
    if (seen !== undefined) {
      ofRow[row] = seen;
      continue;
    }
    const index = trace.detailIndex[row] ?? 0;
    const detail = details[index] ?? plainDetail(trace.details[index] ?? "", category);
    const key = `${who}\0${names[trace.nameIndex[row] ?? 0] ?? ""}\0${detail}`;
    const shape = keyOf.get(key) ?? keys.push(key) - 1;
    keyOf.set(key, shape);
    known.set(id, shape);
    ofRow[row] = shape;
  }
  return { ofRow, keys };
}

function plainDetail(detail: string, category: number): string {
  if (category === CACHE) return detail.split(" ", 1)[0] ?? "";
  const address = category === HTTP || detail.includes("://") ? (detail.split(/[?#]/, 1)[0] ?? "") : detail;
  return normaliseName(address);
}
