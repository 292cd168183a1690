import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Element, Nodes } from "hast";
import { describe, expect, it } from "vitest";
import { githubText, ourText } from "@/tests/support/github-text";
import { parseMarkdown } from "../markdown-tree";
import { toSafeTree } from "./to-safe-tree";

const ROOT = path.join(import.meta.dirname, "../../../..");
const markdownIn = (folder: string) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join(folder, name));
/** Real texts of many authors: this project's, and of what it is made of. */
const FILES = [
  ...["", "docs", "runbooks"].flatMap(markdownIn),
  ...["unified", "pino", "picomatch", "p-queue"].flatMap((name) => markdownIn(`node_modules/${name}`)),
];

function treeOf(markdown: string) {
  const root = parseMarkdown(markdown);
  if (root === undefined) throw new Error("not parsed");
  return toSafeTree(root);
}

function elementsOf(node: Nodes, name?: string): Element[] {
  const here = node.type === "element" && (name === undefined || node.tagName === name) ? [node] : [];
  return [...here, ...("children" in node ? node.children.flatMap((child) => elementsOf(child, name)) : [])];
}

describe("toSafeTree", () => {
  it.each(FILES)("shows the words of %s as GitHub's own parser does", (file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    expect(ourText(text)).toBe(githubText(text));
  });

  it.each([
    "<details><summary>More</summary>\n\n- *a* <kbd>Ctrl</kbd>\n\n</details>\n\nAfter",
    "Set <version> and <commit hash> now, then <b>go</b><br/>on",
    "Write <title> here, and <textarea>there</textarea> too\n\nStill here",
    "<script>alert(1)</script> <style>x</style> <iframe src=x></iframe>",
    "<plaintext>\n\nStill here",
    "<table><tr><td>One</td></tr></table>\n\n| a | b |\n|---|---|\n| <ins>c</ins> | `d|` |",
    "<!-- step id=a -->\n\nSeen <!-- unseen\n--> again",
    "<p align=center>Middle\n\n**bold**</p>",
    "A note[^1] and www.example.org, https://a.b/c?d=e&f, me@example.org\n\n[^1]: The *note*.",
    "<b>bold <i>both</b> rest</i>\n\nnext",
    "<div><div><div>\n\n# Head\n\n> [!WARNINGS]\n> x",
    "a < b > c &lt;d&gt; &amp; e",
    "- [ ] one\n- [x] two <!-- c -->\n  1. three",
    "<a href='javascript:x'>go</a> <img src=x alt=pic> ![alt](y.png)",
  ])("shows what GitHub shows of %j", (markdown) => {
    expect(ourText(markdown)).toBe(githubText(markdown));
  });

  it("turns GitHub's names of emoji into emoji, in words and not in code", () => {
    expect(ourText(":warning: `:warning:` 10:30:45 :none-such:")).toBe("⚠️ :warning: 10:30:45 :none-such:");
  });

  it("colours code by its language, and leaves a language it does not know, and very long code, plain", () => {
    expect(elementsOf(treeOf("```bash\necho $A\n```"), "span").length).toBeGreaterThan(0);
    expect(elementsOf(treeOf("```promql\nsum(a)\n```"), "span")).toEqual([]);
    expect(elementsOf(treeOf(`\`\`\`bash\n${"echo $A\n".repeat(4000)}\`\`\``), "span")).toEqual([]);
  });

  it("lets nothing through that runs, posts, frames, moves the focus or takes the name of a part of the page", () => {
    const tree = treeOf(
      [
        '<a id="main" name="x" href="javascript:x" onclick=x style="color:red" accesskey=k tabindex=1 class=y>a</a>',
        "<svg onload=x><script>x</script></svg><form action=x><button formaction=x>b</button></form><base href=x>",
        '<object data=x></object><embed src=x><video src=x></video><link rel=stylesheet href=x><meta http-equiv="refresh">',
        '<img src="data:text/html,x" srcset=x onerror=x><picture><source srcset="https://evil.example/x"></picture>',
        "<input type=text autofocus onfocus=x><input type=checkbox checked>",
      ].join("\n\n"),
    );
    const elements = elementsOf(tree);
    const names = new Set(elements.map(({ tagName }) => tagName));
    expect([...names].sort()).toEqual(["a", "img", "input", "p", "picture", "source"]);
    const attributes = new Set(elements.flatMap(({ properties }) => Object.keys(properties)));
    expect([...attributes].sort()).toEqual(["checked", "className", "disabled", "id", "type"]);
    expect(elementsOf(tree, "a")[0]?.properties).toEqual({ id: "user-content-main", className: [] });
  });

  it.each([
    ["deep", `${"<div>".repeat(1500)}x`],
    ["left open, each otherwise", Array.from({ length: 600 }, (_, at) => `<b x=${at}>\n\np\n`).join("\n")],
  ])("shows HTML that is %s as text", (_, markdown) => {
    expect(elementsOf(treeOf(markdown)).every(({ tagName }) => tagName === "p")).toBe(true);
  });
});
