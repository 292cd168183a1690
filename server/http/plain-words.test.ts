import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { plainWords } from "./plain-words";

function wordsFor(schema: z.core.$ZodType, given: unknown): string | undefined {
  return z.safeParse(schema, given, { error: plainWords(given) }).error?.issues[0]?.message;
}

const limit = z.object({ limit: z.coerce.number().int().min(1).max(100) });
const CASES: [name: string, schema: z.core.$ZodType, given: unknown, words: string][] = [
  ["text for a number, as it was sent", limit, { limit: "abc" }, 'must be a number, not "abc"'],
  ["half a number for a whole one", limit, { limit: "1.5" }, 'must be a whole number, not "1.5"'],
  ["a number too large", limit, { limit: "500" }, "must be at most 100, not 500"],
  ["a number too small", limit, { limit: "0" }, "must be at least 1, not 0"],
  ["a bound that is not reached", z.number().gt(0), 0, "must be more than 0, not 0"],
  ["nothing at all", z.object({ name: z.string() }), {}, "is missing: must be text"],
  ["a list for text", z.object({ name: z.string() }), { name: ["a"] }, "must be text, not a list"],
  ["null for an object", z.object({}), null, "must be an object, not null"],
  ["empty text", z.string().min(1), "", "must not be empty"],
  ["text too long", z.string().max(3), "abcd", "must have at most 3 characters, not 4"],
  ["too many entries", z.array(z.string()).max(1), ["a", "b"], "must have at most 1 entries, not 2"],
  ["none of the values", z.enum(["a", "b"]), "c", 'must be one of "a", "b", not "c"'],
  ["not the value", z.literal(1), 2, "must be 1, not 2"],
  ["no UUID", z.uuid(), "x", 'must be a UUID, not "x"'],
  ["another form", z.string().regex(/^[0-9a-f]+$/), "xyz", 'must be of the form /^[0-9a-f]+$/, not "xyz"'],
  ["an unknown name", z.strictObject({}), { limitt: 1 }, "is not known here"],
  ["unknown names", z.strictObject({}), { a: 1, b: 2 }, "are not known here"],
  ["none of two kinds", z.union([z.string(), z.number()]), true, "must be text or a number, not true"],
  ["none of two shapes", z.union([z.object({ a: z.string() }), z.string()]), { a: 1 }, "fits none of the shapes"],
  ["no known kind", z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") })]), { kind: "b" }, "fits none"],
  ["what zod/mini refuses", mini.object({ at: mini.number() }), { at: "x" }, 'must be a number, not "x"'],
  ["long text, cut", z.number(), "x".repeat(99), `must be a number, not "${"x".repeat(40)}…"`],
];

describe("plainWords", () => {
  it.each(CASES)("says of %s what was expected and what came", (_name, schema, given, words) => {
    expect(wordsFor(schema, given)).toContain(words);
  });

  it("leaves the words that a schema brings of its own", () => {
    expect(wordsFor(z.string("is what people call it"), 1)).toBe("is what people call it");
    const checked = mini.string().check(mini.refine((text) => text !== "x", "cannot be x"));
    expect(wordsFor(checked, "x")).toBe("cannot be x");
  });
});
