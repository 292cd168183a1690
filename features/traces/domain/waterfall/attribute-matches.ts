import * as z from "zod/mini";
import { fromBase64, toBase64 } from "../skeleton-wire";

/** `:` holds the text, `=` is it to the letter, `has` is there at all; the others compare numbers. */
export const ATTRIBUTE_OPS = [":", "=", "<", "<=", ">", ">=", "has"] as const;
export type AttributeOp = (typeof ATTRIBUTE_OPS)[number];

/** What is looked for among attributes; without a key, in the values of all. */
export const attributeTermSchema = z.strictObject({
  key: z._default(z.string().check(z.maxLength(200)), ""),
  op: z.enum(ATTRIBUTE_OPS),
  text: z._default(z.string().check(z.maxLength(500)), ""),
});
export type AttributeTerm = z.output<typeof attributeTermSchema>;

export const attributeMatchesQuerySchema = z
  .extend(attributeTermSchema, { version: z.optional(z.string().check(z.maxLength(64))) })
  .check(
    z.refine(({ key, op, text }) => key !== "" || (op === ":" && text !== ""), {
      error: "needs a key, or a text to look for in all values",
      path: ["text"],
    }),
  );
export type AttributeMatchesQuery = z.output<typeof attributeMatchesQuerySchema>;

export const attributeMatchesSchema = z.object({
  version: z.string(),
  count: z.number(),
  /** A bit a row, the lowest first, as base64. */
  rows: z.string(),
  /** False when time ran out: only the spans before were looked at. */
  isWhole: z.boolean(),
});
export type AttributeMatches = z.infer<typeof attributeMatchesSchema>;

/** Marks of 0 and 1 as bits for the way. */
export function packMarks(marks: Uint8Array): string {
  const bits = new Uint8Array(Math.ceil(marks.length / 8));
  for (let row = 0; row < marks.length; row += 1) {
    if (marks[row] === 1) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return toBase64(bits);
}

/** The inverse of {@link packMarks}; rows beyond the text are 0. */
export function unpackMarks(rows: string, spanCount: number): Uint8Array {
  const bits = fromBase64(rows);
  const marks = new Uint8Array(spanCount);
  for (let row = 0; row < spanCount; row += 1) marks[row] = ((bits[row >> 3] ?? 0) >> (row & 7)) & 1;
  return marks;
}
