import type { OpenTrace } from "../open-trace";

/** The rows of a trace in the order of its text. */
export function rowsInText({ text, skeleton }: OpenTrace): Uint32Array {
  const rows = Uint32Array.from({ length: skeleton.spanCount }, (_, row) => row);
  return rows.sort((a, b) => (text.spanStart[a] ?? 0) - (text.spanStart[b] ?? 0));
}

/** The text of a span as it came. */
export function pieceOfSpan({ text }: OpenTrace, row: number): Buffer {
  return text.bytes.subarray(text.spanStart[row] ?? 0, text.spanEnd[row] ?? 0);
}

/** The text of one of the groups or scopes as it came; undefined where there is none. */
export function pieceOf({ text }: OpenTrace, ranges: Uint32Array, index: number): Buffer | undefined {
  const from = ranges[2 * index] ?? 0;
  const to = ranges[2 * index + 1] ?? 0;
  return index === -1 || to <= from ? undefined : text.bytes.subarray(from, to);
}
