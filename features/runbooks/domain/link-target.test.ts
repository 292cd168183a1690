import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownFilesOf, mentionedFiles } from "./known-files";
import { lintLinks, resolveLink } from "./link-target";
import { parseMarkdown } from "./markdown-tree";

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

describe("lintLinks", () => {
  const knownFiles = knownFilesOf(["docs/a.md", "docs/img/map.png", "scripts/up.sh"]);
  const problemsOf = (text: string) => {
    const root = parseMarkdown(text);
    return root === undefined
      ? []
      : lintLinks(root, "docs/a.md", { knownFiles }).map(({ code, line, column }) => `${code} ${line}:${column}`);
  };

  it.each([
    ["[x](../scripts/up.sh) [y](../scripts/) [z](img/) ![m](img/map.png) [r](../)", []],
    ["see [x](../scripts/down.sh)", ["E501 1:5"]],
    ["[x](../script)", ["E501 1:1"]],
    ["![m](img/gone.png)", ["E501 1:1"]],
    ['a\n\nb <a href="gone.txt?a=1&amp;b=2">x</a> <img alt=a src="img/gone.png">', ["E501 3:3", "E501 3:40"]],
    ["<p>\n<a href='../scripts/up.sh'>x</a>\n<a href='#nowhere'>y</a></p>", ["E503 3:1"]],
    ["[x][r]\n\n[r]: gone.sh", ["E501 3:1"]],
  ])("finds what is not in the source, of any kind and however it is written: %j", (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });
});

describe("mentionedFiles", () => {
  it("finds the files some text names, and no other", () => {
    const paths = ["scripts/up.sh", "scripts/down.sh", "a b.txt"];
    expect(mentionedFiles(paths, ["run [it](../scripts/up.sh#L3)", "and [this](<a%20b.txt>)"])).toEqual([
      "scripts/up.sh",
      "a b.txt",
    ]);
  });
});
