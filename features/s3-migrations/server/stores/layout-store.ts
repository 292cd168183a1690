import { inLayout, type Layout } from "./layout";
import { openLocalStore } from "./local-store";
import type { SourceStore } from "./object-store";

/** Files of a library in a directory: its own naming of keys, and what does not belong to it listed as such. */
export async function openLayoutStore(root: string, layout: Layout): Promise<SourceStore> {
  const files = await openLocalStore(root, layout.within);
  return {
    isOrdered: false,
    async *list(options) {
      for await (const page of files.list(options)) yield page.map((listed) => inLayout(layout, listed));
    },
    read: (key, options) => files.read(layout.toPath(key), options),
    stat: (key, options) => files.stat(layout.toPath(key), options),
    openRange: (key, options) => files.openRange(layout.toPath(key), options),
    remove: (key, options) => files.remove(layout.toPath(key), options),
    close: files.close,
  };
}
