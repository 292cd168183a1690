import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import type { Root as MarkdownRoot } from "mdast";
import type { ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { toSafeTree } from "../../domain/rendering/to-safe-tree";
import type { MarkdownComponents } from "./components";
import { fillCodeBlocks } from "./fill-code-blocks";

type ToElementsOptions = {
  components: MarkdownComponents;
  /** What stands for `<placeholder>` in the commands of a run. */
  values: Readonly<Record<string, string>>;
};

/** Markdown to React elements: sanitised, then commands are filled; only values of a run come in after, as text. */
export function toElements(root: MarkdownRoot, { components, values }: ToElementsOptions): ReactNode {
  const tree = toSafeTree(root);
  fillCodeBlocks(tree, values);
  return toJsxRuntime(tree, { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true, passNode: true });
}
