import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeKey, keyProblem } from "./object-key";

describe("keyProblem", () => {
  it.each([
    ["", "empty key"],
    ["a/../b", "key with a dot segment"],
    ["./a", "key with a dot segment"],
    ["a\u0000b", "key with a NUL byte"],
    ["\ud800", "key that is not valid Unicode"],
    ["ä".repeat(513), "key longer than 1024 bytes"],
  ])("refuses %j", (key, problem) => {
    expect(keyProblem(key)).toBe(problem);
  });

  it.each(["a", "/leading", "x//y", "dir/", "...", "a b+c%2F", "new\nline", "😀", "ä".repeat(512)])(
    "takes %j",
    (key) => {
      expect(keyProblem(key)).toBeUndefined();
    },
  );
});

describe("encodeKey", () => {
  it("comes back by decoding, slash for slash", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => {
        expect(encodeKey(key).split("/").map(decodeURIComponent).join("/")).toBe(key);
        expect(encodeKey(key)).toMatch(/^[A-Za-z0-9\-._~%/]*$/);
      }),
    );
  });
});
