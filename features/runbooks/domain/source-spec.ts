import picomatch from "picomatch";
import { withoutCredentials } from "@/lib/without-credentials";

/** Where runbooks are read from, as the operator wrote it in `RUNBOOKS`. */
export type SourceSpec =
  | { kind: "directory"; name: string; directory: string }
  | { kind: "git"; name: string; url: string; ref: string; glob: string };

export const DEFAULT_GLOB = "{runbooks,docs/runbooks}/**/*.md";

/**
 * Reads the entries of `RUNBOOKS`: `dir` or `git+URL[#ref[:glob]]`, each with an optional `name=` before it. Names come
 * from the last part of the path otherwise, and are made unique by a number.
 * @throws Error with one sentence for an entry that cannot be a source.
 */
export function parseSourceSpecs(entries: readonly string[]): SourceSpec[] {
  const names = new Set<string>();
  return entries.map((entry) => {
    const [, given, text = entry] = /^([a-z0-9][a-z0-9-]{0,39})=(.+)$/.exec(entry) ?? [];
    const spec = text.startsWith("git+") ? parseGit(text) : { kind: "directory" as const, directory: text };
    const name = uniqueName(given ?? nameOf(spec.kind === "git" ? spec.url : spec.directory), names);
    names.add(name);
    return { ...spec, name };
  });
}

/** A location fit to be shown: credentials in a URL are left out. */
export function toShownLocation(spec: SourceSpec): string {
  return spec.kind === "directory" ? spec.directory : withoutCredentials(spec.url);
}

/** Whether a file of a git tree belongs to the source: inside the glob, and Markdown. */
export function matchesGlob(glob: string): (path: string) => boolean {
  const isMatch = picomatch(glob, { dot: true, nocase: true, maxLength: 1000 });
  return (path) => /\.md$/i.test(path) && isMatch(path);
}

function parseGit(text: string) {
  const [, url = "", fragment = ""] = /^git\+([^#]+)(?:#(.*))?$/.exec(text) ?? [];
  if (!/^(?:https?|ssh|file):\/\/[^\s]+$/.test(url)) {
    throw new Error(`"${text}" is not git+https://, git+http://, git+ssh:// or git+file:// with a URL.`);
  }
  const [, ref = "", glob = ""] = /^([^:]*)(?::(.*))?$/.exec(fragment) ?? [];
  // A ref that starts with a dash would be an option of git.
  if (!/^(?:[A-Za-z0-9_][A-Za-z0-9_./-]*)?$/.test(ref) || ref.includes("..")) {
    throw new Error(`"${ref}" is not the name of a branch or tag.`);
  }
  return { kind: "git" as const, url, ref: ref || "HEAD", glob: glob || DEFAULT_GLOB };
}

function nameOf(location: string): string {
  const last =
    location
      .replace(/\/+$/, "")
      .replace(/\.git$/, "")
      .split("/")
      .at(-1) ?? "";
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return name || "runbooks";
}

function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  return name;
}
