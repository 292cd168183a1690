/** Every file and folder of a source by its path; `undefined` where not all are known. */
export type KnownFiles = ReadonlySet<string>;

/** Files with the folders that hold them. */
export function knownFilesOf(paths: Iterable<string>): KnownFiles {
  const known = new Set<string>([""]);
  for (const path of paths) {
    known.add(path);
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (known.has(folder)) break;
      known.add(folder);
    }
  }
  return known;
}

/** Of these paths, those whose name some text has: whether the others are there changes nothing that is said of a text. */
export function mentionedFiles(paths: readonly string[], texts: Iterable<string>): string[] {
  const words = new Set<string>();
  for (const text of texts) for (const [word] of text.matchAll(/[^\s/()[\]<>"'`#?]+/g)) words.add(word);
  return paths.filter((path) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return words.has(name) || words.has(encodeURIComponent(name));
  });
}
