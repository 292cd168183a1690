import { type Anchors, anchorsIn } from "../domain/anchors";
import type { Surroundings } from "../domain/link-target";
import type { SourceFile } from "./source-content";

/** What the files of one source can link to in each other. The anchors of a file are read when the first link asks. */
export function surroundingsOf(files: readonly SourceFile[]): Required<Surroundings> {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const known = new Map<string, Anchors | undefined>();
  return {
    knownPaths: new Set(texts.keys()),
    anchorsAt: (path) => {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      if (!known.has(path)) known.set(path, anchorsIn(text));
      return known.get(path);
    },
  };
}
