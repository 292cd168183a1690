import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveLink } from "./link-target";

describe("resolveLink", () => {
  it.each([
    ["./b.md#x", { kind: "file", path: "docs/b.md", anchor: "x" }],
    ["../c.md", { kind: "file", path: "c.md", anchor: "" }],
    ["#top", { kind: "anchor", anchor: "top" }],
    ["https://example.org/a", { kind: "external", url: "https://example.org/a" }],
  ])("resolves %s", (url, target) => {
    expect(resolveLink(url, "docs/a.md")).toEqual(target);
  });

  it.each([
    "../../etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//evil.example",
    "/manual/x",
    "github.com/a/b",
    "",
    " JaVaScRiPt:alert(1)",
  ])("drops %s with a reason", (url) => {
    expect(resolveLink(url, "docs/a.md").kind).toBe("dropped");
  });

  it("never leaves the source and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (url) => {
        const target = resolveLink(url, "docs/a.md");
        if (target.kind === "file") expect(target.path.split("/")).not.toContain("..");
      }),
    );
  });
});
