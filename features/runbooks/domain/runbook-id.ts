import { parseFrontMatter } from "./front-matter";
import { type Problem, problem } from "./problem";

/** A file whose name starts with `_` or `template-` is a form to copy, not a procedure to follow. */
export function isTemplatePath(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return /^_|^template-/i.test(name);
}

/**
 * The id of a runbook: its source's name and its path without `.md`; a README has its folder's. `taken` are the ids
 * given already: a file that would repeat one keeps its full path instead.
 */
function toRunbookId(sourceName: string, path: string, taken: ReadonlySet<string>): string {
  const stem = path.replace(/\.md$/i, "");
  const folder = /^(.*)\/readme$/i.exec(stem)?.[1];
  const short = `${sourceName}/${folder ?? stem}`;
  return taken.has(short) ? `${sourceName}/${path}` : short;
}

/** The ids of a source's runbooks by path, and the paths whose author asked for one that another file has. */
export type RunbookIds = { ids: Map<string, string>; repeated: ReadonlySet<string> };

/** Ids their authors gave come first: no other file's path takes one away. The second claim to an id is left unheard. */
export function assignRunbookIds(source: string, files: readonly { path: string; text: string }[]): RunbookIds {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  const repeated = new Set<string>();
  for (const { path, text } of files) {
    const own = text.startsWith("---") ? parseFrontMatter(text).meta.id : undefined;
    if (own === undefined) continue;
    const id = `${source}/${own}`;
    if (taken.has(id)) repeated.add(path);
    else ids.set(path, id);
    taken.add(id);
  }
  for (const { path } of files) {
    if (ids.has(path)) continue;
    const id = toRunbookId(source, path, taken);
    taken.add(id);
    ids.set(path, id);
  }
  return { ids, repeated };
}

/** The problem of a file whose id another has. */
export function repeatedId(path: string, repeated: ReadonlySet<string>): Problem[] {
  if (!repeated.has(path)) return [];
  return [problem("E102", 1, "Another file has this id already: choose another. Until then its path is its id.")];
}
