import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { fieldProblems } from "./field-problems";

const schema = z.object({
  place: z.object({ bucket: z.string().check(z.minLength(3)) }),
  rate: z.number().check(z.minimum(1, "must be at least 1")),
});

describe("fieldProblems", () => {
  it("asks for a field that is empty, and keeps the words of a schema for others, by dotted name", () => {
    const { error } = schema.safeParse({ place: { bucket: "" }, rate: 0 });
    expect([...fieldProblems(error)]).toEqual([
      ["place.bucket", "Fill this in."],
      ["rate", "must be at least 1"],
    ]);
  });

  it("finds nothing where nothing is wrong", () => {
    expect(fieldProblems(schema.safeParse({ place: { bucket: "abc" }, rate: 1 }).error).size).toBe(0);
  });
});
