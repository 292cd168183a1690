import { fromBase64, fromVarints, toBase64, toVarints } from "../skeleton-wire";

/** Paths of rows as they travel: one varint a row, 0 for none, else 1 + path. */
export function encodePathOfRow(pathOfRow: Int32Array): string {
  return toBase64(toVarints(Uint32Array.from(pathOfRow, (path) => path + 1)));
}

/** Unpacks what {@link encodePathOfRow} packed; -1 for none. Throws RangeError on another count of rows. */
export function decodePathOfRow(text: string, spanCount: number): Int32Array {
  return Int32Array.from(fromVarints(fromBase64(text), new Uint32Array(spanCount)), (path) => path - 1);
}
