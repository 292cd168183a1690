/** A file whose name starts with `_` or `template-` is a form to copy, not a procedure to follow. */
export function isTemplatePath(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return /^_|^template-/i.test(name);
}

/**
 * The id of a runbook: its source's name and its path without `.md`; a README has its folder's. `taken` are the ids
 * given already: a file that would repeat one keeps its full path instead.
 */
export function toRunbookId(sourceName: string, path: string, taken: ReadonlySet<string>): string {
  const stem = path.replace(/\.md$/i, "");
  const folder = /^(.*)\/readme$/i.exec(stem)?.[1];
  const short = `${sourceName}/${folder ?? stem}`;
  return taken.has(short) ? `${sourceName}/${path}` : short;
}
