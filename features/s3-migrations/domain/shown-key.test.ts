import { describe, expect, it } from "vitest";
import { shownKey, splitKey } from "./shown-key";

describe("shownKey", () => {
  it("shows what draws nothing by its number and leaves the rest alone", () => {
    expect(shownKey("a\nb\u202etxt.exe")).toBe("a⟨U+000A⟩b⟨U+202E⟩txt.exe");
    expect(shownKey("Größe – 🙂.txt")).toBe("Größe – 🙂.txt");
  });
});

describe("splitKey", () => {
  it.each([
    ["a/b/c.png", "a/b/", "c.png"],
    ["c.png", "", "c.png"],
    ["a/b/", "a/", "b/"],
    ["/", "", "/"],
    ["", "", ""],
  ])("cuts %j behind its directory", (key, dir, file) => {
    expect(splitKey(key)).toEqual({ dir, file });
  });
});
