import picomatch from "picomatch";

/** Where GitHub looks for the file, in its order. */
export const CODE_OWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;
const MAX_RULES = 2000;
const MAX_OWNERS = 20;

/**
 * Whose a path of the repository is by the rules of its CODEOWNERS: the last that fits counts, and one without owners
 * makes it nobody's. A rule GitHub would not take (with `!` or `[`) is passed over, as there.
 * https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function readCodeOwners(text: string): (path: string) => string[] {
  const rules = text
    .split(/\r?\n/)
    .slice(0, MAX_RULES)
    .flatMap((line) => {
      const [pattern = "", ...owners] = line
        .replace(/(?:^|\s)#.*$/, "")
        .trim()
        .split(/\s+/);
      if (pattern === "" || pattern.length > 500 || /^!|\[/.test(pattern)) return [];
      return [{ isMatch: toMatcher(pattern), owners: owners.slice(0, MAX_OWNERS) }];
    });
  return (path) => rules.findLast(({ isMatch }) => isMatch(path))?.owners ?? [];
}

/** A name alone is found at any depth, one with a slash from the root; a folder stands for all in it, `folder/*` not. */
function toMatcher(pattern: string): (path: string) => boolean {
  const base = pattern.replace(/^\//, "").replace(/\/$/, "");
  const isAnchored = pattern.replace(/\/$/, "").includes("/");
  const glob = isAnchored ? base : `**/${base}`;
  const below = base === "*" || !base.endsWith("/*") ? [`${glob}/**`] : [];
  const globs = pattern.endsWith("/") ? below : [glob, ...below];
  return picomatch(globs, { dot: true, nobrace: true, noextglob: true, nonegate: true });
}
