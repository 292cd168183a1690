import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell, csvLine } from "./csv-cell";

describe("a cell of CSV", () => {
  it("is never taken for a formula", () => {
    const told = ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx"].map(csvCell);
    for (const cell of told) expect(cell).toMatch(/^"'/);
  });

  it("comes back as it was, whatever is in it", () => {
    const key = fc.string({ unit: "binary", minLength: 1 }).filter((text) => !/^[=+\-@\t\r\ufeff]/.test(text));
    fc.assert(
      fc.property(fc.array(key, { minLength: 2, maxLength: 5 }), (cells) => {
        expect(parse(csvLine(cells), { record_delimiter: "\r\n" })).toEqual([cells]);
      }),
    );
  });
});
