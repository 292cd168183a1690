import type { Element, ElementContent, Root } from "hast";
import { describe, expect, it } from "vitest";
import { codeBlockOf, fillCodeBlocks } from "./fill-code-blocks";

const span = (...children: ElementContent[]): Element => ({
  type: "element",
  tagName: "span",
  properties: {},
  children,
});
const text = (value: string): ElementContent => ({ type: "text", value });

/** A block as the highlighter leaves it: text in pieces, some in elements. */
function blockOf(language: string, ...children: ElementContent[]) {
  const code: Element = {
    type: "element",
    tagName: "code",
    properties: { className: [`language-${language}`] },
    children,
  };
  const pre: Element = { type: "element", tagName: "pre", properties: {}, children: [code] };
  const root: Root = { type: "root", children: [pre] };
  return { root, pre, code };
}

/** Text with the elements that came in in brackets. */
function shown({ children }: Element): string {
  return children
    .map((child) => {
      if (child.type === "text") return child.value;
      if (child.type !== "element") return "";
      return child.tagName === "mark" ? `[${child.properties.title}: ${shown(child)}]` : shown(child);
    })
    .join("");
}

describe("fillCodeBlocks", () => {
  it("shows what is copied, wherever the highlighter cut the text", () => {
    const { root, pre, code } = blockOf(
      "sh",
      text("run "),
      span(text("<na")),
      text("me> --to="),
      span(text('"<name>"')),
      text("\n"),
    );
    fillCodeBlocks(root, { name: "a b" });
    expect(codeBlockOf(pre)).toMatchObject({ language: "sh", command: { text: "run 'a b' --to=\"a b\"" } });
    expect(shown(code)).toBe("run [name: 'a b'] --to=\"[name: a b]\"\n");
  });

  it("fills the commands of a session and leaves its output alone", () => {
    const { root, pre, code } = blockOf("console", text("$ a <x>\nit's <x>\n$ b \\\n  <x>\n"));
    fillCodeBlocks(root, { x: "1 2" });
    expect(codeBlockOf(pre).command.text).toBe("a '1 2'\nb \\\n  '1 2'");
    expect(shown(code)).toBe("$ a [x: '1 2']\nit's <x>\n$ b \\\n  [x: '1 2']\n");
  });

  it("marks what is left out, and shows nothing that would not be seen", () => {
    const { root, code } = blockOf("sh", text("run <x>"));
    fillCodeBlocks(root, { x: "a\u202eb" });
    expect(shown(code)).toBe("run [x is left out: <x>]");
  });

  it("changes nothing without values", () => {
    const { root, pre, code } = blockOf("sh", text("run "), span(text("<x>")));
    fillCodeBlocks(root, {});
    expect(codeBlockOf(pre).command).toMatchObject({ text: "run <x>", doubts: [] });
    expect(code.children).toHaveLength(2);
  });
});
