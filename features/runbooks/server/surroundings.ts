import { type Anchors, anchorsIn } from "../domain/anchors";
import { knownFilesOf } from "../domain/known-files";
import type { Surroundings } from "../domain/link-target";
import type { SourceContent } from "./source-content";

/** What the files of one source can link to in each other. The anchors of a file are read when the first link asks. */
export function surroundingsOf({ files, allPaths }: Pick<SourceContent, "files" | "allPaths">): Required<Surroundings> {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const known = new Map<string, Anchors | undefined>();
  return {
    knownPaths: new Set(texts.keys()),
    knownFiles: allPaths === null ? undefined : knownFilesOf(allPaths),
    anchorsAt: (path) => {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      if (!known.has(path)) known.set(path, anchorsIn(text));
      return known.get(path);
    },
  };
}
