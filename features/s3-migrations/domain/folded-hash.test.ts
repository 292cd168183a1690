import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldedHash, twinKind } from "./folded-hash";

describe("foldedHash", () => {
  it("is the same for keys that differ only in case or Unicode form", () => {
    expect(foldedHash("Caf\u00e9.PNG")).toBe(foldedHash("cafe\u0301.png"));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => foldedHash(key) === foldedHash(key.normalize("NFD"))),
    );
  });

  it("is a safe whole number, and differs for keys that differ", () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, at) => foldedHash(`uploads/${at}/file-${at % 7}.png`)));
    expect(seen.size).toBe(20_000);
    expect([...seen].every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
  });
});

describe("twinKind", () => {
  it("names the difference, and tells chance from likeness", () => {
    expect(twinKind(["a/B", "a/b"])).toBe("case");
    expect(twinKind(["\u00e9", "e\u0301"])).toBe("unicode");
    expect(twinKind(["\u00c9", "e\u0301"])).toBe("case");
    expect(twinKind(["a", "b"])).toBeUndefined();
  });
});
