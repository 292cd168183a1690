import type { Element, Root as HtmlRoot, RootContent } from "hast";
import type { Root as MarkdownRoot } from "mdast";
import rehypeHighlight from "rehype-highlight";
import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { withEmoji } from "./github-emoji";
import { defuseHtml } from "./raw-html";

/** Of the attributes GitHub's schema lets everything have, those that shape text. None moves the focus or names a key. */
const EVERYWHERE = "align alt colSpan dateTime dir height id lang open rowSpan scope span start title width".split(" ");

/** GitHub's schema, and the classes of our own highlighter and alerts. */
const schema: typeof defaultSchema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    "*": EVERYWHERE,
    code: [["className", /^language-[\w+#.-]{1,40}$/, "hljs"]],
    span: [["className", /^hljs-[\w-]{1,40}$/, /^language-[\w-]{1,40}$/]],
    blockquote: [["className", "alert", /^alert-(?:note|tip|important|warning|caution)$/]],
    input: [["disabled", true], ["type", "checkbox"], "checked"],
    source: [],
  },
};

/** Longer code is shown without colours: the patterns of some languages take time with the square of its length. */
const MAX_COLOURED_CHARS = 20_000;

// The sanitiser prefixes ids; remark-rehype would prefix the same ones a second time.
const pipeline = unified()
  .use(remarkRehype, { clobberPrefix: "", allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(() => leaveLongCodePlain)
  .use(rehypeHighlight, { detect: false })
  .use(rehypeSanitize, schema)
  .use(() => nameEmoji)
  .freeze();

/** Markdown to the HTML tree GitHub shows for it: its raw HTML too, as far as GitHub's sanitiser lets it pass. */
export function toSafeTree(root: MarkdownRoot): HtmlRoot {
  const copy = structuredClone(root);
  defuseHtml(copy);
  return pipeline.runSync(copy);
}

function leaveLongCodePlain(root: HtmlRoot): void {
  walk(root, (node) => {
    if (node.tagName !== "pre") return undefined;
    for (const child of node.children) {
      if (child.type !== "element" || child.tagName !== "code") continue;
      const text = child.children[0];
      if (text?.type === "text" && text.value.length > MAX_COLOURED_CHARS) child.properties.className = [];
    }
    return undefined;
  });
}

function nameEmoji(root: HtmlRoot): void {
  walk(root, (node) => {
    if (node.tagName === "pre" || node.tagName === "code") return "skip";
    for (const child of node.children) if (child.type === "text") child.value = withEmoji(child.value);
    return undefined;
  });
}

/** Elements from top to bottom, without recursion; what stands inside one is passed over where `visit` says so. */
function walk(root: HtmlRoot, visit: (element: Element) => "skip" | undefined): void {
  const stack: RootContent[] = [...root.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === "element" && visit(node) !== "skip") stack.push(...node.children);
  }
}
