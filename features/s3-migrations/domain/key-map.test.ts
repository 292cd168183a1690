import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileKeyMap, keyMapSchema } from "./key-map";
import { matchPattern, parsePattern } from "./key-pattern";

type Rule = { match?: string; to: string };
const mapWith = (rules: Rule[], otherwise: "keep" | "leave_out" | "refuse" = "refuse") =>
  compileKeyMap(keyMapSchema.parse({ kind: "template", rules, otherwise }));
const keyOf = (mapped: ReturnType<ReturnType<typeof mapWith>>) => (mapped.kind === "key" ? mapped.key : mapped.kind);

/** The pattern as a regular expression, which is right but may take for ever: the oracle for short keys. */
function oracle(pattern: string, key: string): boolean {
  const source = pattern
    .split(/(\{[a-z]+\*?\})/)
    .map((piece) =>
      /^\{.*\*\}$/.test(piece) ? ".+?" : /^\{.*\}$/.test(piece) ? "[^/]+?" : piece.replace(/[.+]/g, "\\$&"),
    )
    .join("");
  return new RegExp(`^${source}$`, "s").test(key);
}

describe("compileKeyMap", () => {
  it.each([
    [{ to: "{key}" }, "a/b.png", "a/b.png"],
    [{ to: "new/{dir}{name}-1{ext}" }, "a/b/c.d.png", "new/a/b/c.d-1.png"],
    [{ to: "{part:2}/{part:-1}" }, "a/b/c", "b/c"],
    [{ to: "{file|lower}" }, "X/Ä.PNG", "ä.png"],
    [{ to: "{key|nfc}" }, "e\u0301", "\u00e9"],
    [{ to: "{{{name}}}" }, "a.b", "{a}"],
    [{ to: "{name}{ext}" }, ".profile", ".profile"],
    [
      { match: "uploads/{model*}/{mount}/{id}/{rest}", to: "previews/{id}/{rest}" },
      "uploads/admin/user/avatar/12/x.png",
      "previews/12/x.png",
    ],
    [{ match: "{stem}_{size}.{type}", to: "{size}/{stem}.{type}" }, "a_b_640.png", "b_640/a.png"],
  ])("%j turns %j into %j", (rule, key, expected) => {
    expect(keyOf(mapWith([rule])(key))).toBe(expected);
  });

  it("takes the first rule that matches and says which", () => {
    const map = mapWith([{ match: "{n}.png", to: "png/{n}" }, { to: "other/{key}" }]);
    expect(map("a.png")).toEqual({ kind: "key", key: "png/a", rule: 0 });
    expect(map("a.gif")).toEqual({ kind: "key", key: "other/a.gif", rule: 1 });
  });

  it("keeps, leaves out or refuses what no rule is for, as told", () => {
    const rules = [{ match: "{n}.png", to: "{n}" }];
    expect(mapWith(rules, "keep")("a/b")).toEqual({ kind: "key", key: "a/b", rule: undefined });
    expect(mapWith(rules, "leave_out")("a/b")).toEqual({ kind: "left_out" });
    expect(mapWith(rules)("a/b")).toMatchObject({ kind: "refused" });
    expect(mapWith([{ to: "{part:3}" }])("a/b")).toMatchObject({ kind: "refused" });
  });

  it("gives every key back for the parts it is made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => {
        for (const to of ["{key}", "{dir}{file}", "{dir}{name}{ext}"]) expect(keyOf(mapWith([{ to }])(key))).toBe(key);
      }),
    );
  });

  it.each([
    ["match", { match: "{a}{b}", to: "x" }],
    ["match", { match: "{a}/{a}", to: "x" }],
    ["match", { match: "{A}", to: "x" }],
    ["match", { match: "{ext}", to: "x" }],
    ["match", { match: "a}", to: "x" }],
    ["to", { to: "{nobody}" }],
    ["to", { to: "{part:0}" }],
    ["to", { to: "{key|upper}" }],
    ["to", { to: "{key" }],
  ])("refuses a wrong %s: %j", (field, rule) => {
    const parsed = keyMapSchema.safeParse({ kind: "template", rules: [rule] });
    expect(parsed.error?.issues[0]?.path).toEqual(["rules", 0, field]);
  });
});

describe("matchPattern", () => {
  it("agrees with a regular expression on every short key", () => {
    const piece = fc.constantFrom("a", "b", "/", "ab", "a/", ".");
    const pattern = fc
      .array(fc.oneof(piece, fc.constantFrom("{x}", "{y*}")), { maxLength: 6 })
      .map((pieces) => pieces.join(""))
      .filter((text) => "tokens" in parsePattern(text));
    const key = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(pattern, key, (text, candidate) => {
        const parsed = parsePattern(text);
        if ("problem" in parsed) throw new Error("filtered");
        expect(matchPattern(parsed.tokens, candidate) !== undefined, `${text} on ${candidate}`).toBe(
          oracle(text, candidate),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("puts together again what it took apart", () => {
    const parsed = parsePattern("{a*}x{b}y{c*}");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("x", "y", "/", "é") }), (key) => {
        if ("problem" in parsed) throw new Error("unreachable");
        const parts = matchPattern(parsed.tokens, key);
        if (parts === undefined) return;
        expect(`${parts.get("a")}x${parts.get("b")}y${parts.get("c")}`).toBe(key);
        expect(parts.get("b")).not.toContain("/");
      }),
    );
  });

  // As a regular expression each of these takes longer than the universe is old.
  it.each(["{a*}a{b*}a{c*}a{d*}a{e*}a{f*}a{g*}a{h*}a{i*}a{j*}!", "{a}aa{b}aa{c}aa{d}aa{e}aa{f}aa{g}aa{h}!"])(
    "answers at once for %s on a key made to hurt",
    (pattern) => {
      const parsed = parsePattern(pattern);
      if ("problem" in parsed) throw new Error(parsed.problem);
      const startedMs = performance.now();
      expect(matchPattern(parsed.tokens, "a".repeat(1024))).toBeUndefined();
      expect(performance.now() - startedMs).toBeLessThan(1500);
    },
  );
});
