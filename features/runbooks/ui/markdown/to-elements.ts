import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import type { Root as MarkdownRoot } from "mdast";
import type { ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import rehypeHighlight from "rehype-highlight";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import type { MarkdownComponents } from "./components";

/** GitHub's schema, and the classes of our own highlighter and alerts. Nothing after it adds or changes an attribute. */
const schema: typeof defaultSchema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-[\w+#.-]{1,40}$/, "hljs"]],
    span: [["className", /^hljs-[\w-]{1,40}$/, /^language-[\w-]{1,40}$/]],
    blockquote: [["className", "alert", /^alert-(?:note|tip|important|warning|caution)$/]],
  },
};

// The sanitiser prefixes ids; remark-rehype would prefix the same ones a second time.
const pipeline = unified()
  .use(remarkRehype, { clobberPrefix: "" })
  .use(rehypeHighlight, { detect: false })
  .use(rehypeSanitize, schema)
  .freeze();

/** Markdown to React elements: raw HTML is left out, code is coloured, and what is left is sanitised last. */
export function toElements(root: MarkdownRoot, components: MarkdownComponents): ReactNode {
  const tree = pipeline.runSync(structuredClone(root));
  return toJsxRuntime(tree, { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true, passNode: true });
}
