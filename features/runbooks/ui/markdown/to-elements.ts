import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import type { Root as MarkdownRoot } from "mdast";
import type { ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import rehypeHighlight from "rehype-highlight";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import type { MarkdownComponents } from "./components";
import { fillCodeBlocks } from "./fill-code-blocks";

/** GitHub's schema, and the classes of our own highlighter and alerts. After it, only the values of a run come in, as text. */
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

type ToElementsOptions = {
  components: MarkdownComponents;
  /** What stands for `<placeholder>` in the commands of a run. */
  values: Readonly<Record<string, string>>;
};

/** Markdown to React elements: raw HTML is left out, code is coloured, what is left is sanitised, commands are filled. */
export function toElements(root: MarkdownRoot, { components, values }: ToElementsOptions): ReactNode {
  const tree = pipeline.runSync(structuredClone(root));
  fillCodeBlocks(tree, values);
  return toJsxRuntime(tree, { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true, passNode: true });
}
