import { describe, expect, it } from "vitest";
import { findUnseen, visibleText } from "./visible-text";

describe("findUnseen", () => {
  it("finds nothing in words of any script", () => {
    for (const text of ["web", "GET /users/:id", "größe", "世界", "नमस्ते", "a\u00a0b", "👍", ""]) {
      expect(findUnseen(text), text).toBeUndefined();
    }
  });
  it("names what it finds first", () => {
    expect(findUnseen("a\u2028b")).toBe("has a line break");
    expect(findUnseen("a\tb")).toBe("has a character that cannot be seen (U+0009)");
    expect(findUnseen("a\ud800b")).toContain("U+D800");
  });
});

describe("visibleText", () => {
  it("spells out what cannot be seen and leaves the rest", () => {
    expect(visibleText("web\u202egpj\u0000.sh\u{e0041}")).toBe("web\\u202egpj\\u0000.sh\\ue0041");
  });
});
