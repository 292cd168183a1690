import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAttributeText, toAttributeText } from "./attribute-text";
import { parseDurationText, toDurationText } from "./duration-text";

describe("parseDurationText", () => {
  it.each([
    ["300ms", 300_000],
    ["1.5 s", 1_500_000],
    ["250", 250_000],
    ["7µs", 7],
    ["2min", 120_000_000],
    ["0", 0],
  ])("%s is %d µs", (text, us) => {
    expect(parseDurationText(text)).toBe(us);
  });

  it.each(["", "fast", "-3ms", "3 parsecs", "1e3"])("refuses %j", (text) => {
    expect(parseDurationText(text)).toBeUndefined();
  });

  it("reads back everything it writes", () => {
    fc.assert(
      fc.property(fc.nat(), (us) => {
        expect(parseDurationText(toDurationText(us))).toBe(us);
      }),
    );
  });
});

describe("parseAttributeText", () => {
  it("reads pairs, quotes and commas", () => {
    expect(parseAttributeText('http.status_code=500, error = true db.name="my \\"sql\\""')).toEqual({
      attributes: { "http.status_code": "500", error: "true", "db.name": 'my "sql"' },
    });
  });

  it("names what it could not read", () => {
    expect(parseAttributeText("error=true oops")).toEqual({
      problem: "Write attributes as key=value; “oops” is not one.",
    });
    expect(parseAttributeText("a=1 a=2")).toEqual({ problem: "The attribute a stands here twice." });
  });

  it("reads back every map it writes", () => {
    const key = fc.stringMatching(/^[a-z_][a-z._]{0,12}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (attributes) => {
        expect(parseAttributeText(toAttributeText(attributes))).toEqual({ attributes: { ...attributes } });
      }),
    );
  });
});
