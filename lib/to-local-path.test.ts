import { describe, expect, it } from "vitest";
import { toLocalPath } from "./to-local-path";

describe("an open redirect", () => {
  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/..//evil.example",
    "javascript:alert(1)",
    "/\t/evil",
    "",
  ])("leads home instead: %j", (text) => {
    expect(toLocalPath(text)).toBe("/");
  });

  it("is none where the path is our own", () => {
    expect(toLocalPath("/traces?q=service%3Aweb")).toBe("/traces?q=service%3Aweb");
  });
});
