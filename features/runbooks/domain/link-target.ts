import type { Root } from "mdast";
import { type Anchors, anchorsOf, hasAnchor } from "./anchors";
import { htmlLinksOf } from "./html-links";
import type { KnownFiles } from "./known-files";
import { placeOf, walkMarkdown } from "./markdown-tree";
import { type Place, type Problem, problem } from "./problem";

/** Where a link of a runbook leads. `path` is relative to the root of the source, `anchor` without its `#`. */
export type LinkTarget =
  | { kind: "external"; url: string }
  | { kind: "file"; path: string; anchor: string }
  | { kind: "anchor"; anchor: string }
  | { kind: "dropped"; reason: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const HOST_LIKE = /^(?:www\.|[a-z0-9-]+\.(?:com|org|net|io|dev|in|co)\/)/i;

/** Resolves what an author wrote between the brackets, seen from the file at `fromPath`. Total: any text has an answer. */
export function resolveLink(url: string, fromPath: string): LinkTarget {
  const text = url.trim();
  if (text === "") return { kind: "dropped", reason: "The link has no target." };
  if (text.startsWith("#")) return { kind: "anchor", anchor: decode(text.slice(1)) };
  if (text.startsWith("//")) return { kind: "dropped", reason: "The link has no scheme: write https:// before it." };
  if (SCHEME.test(text)) return resolveAbsolute(text);
  if (HOST_LIKE.test(text)) return { kind: "dropped", reason: "The link has no scheme: write https:// before it." };
  if (text.startsWith("/"))
    return { kind: "dropped", reason: "The link starts at the root of a site: write it relative to this file." };
  const [pathAndQuery = "", anchor = ""] = text.split("#", 2);
  const path = joinPath(fromPath, decode(pathAndQuery.split("?", 1)[0] ?? ""));
  if (path === undefined) return { kind: "dropped", reason: "The link leaves the source." };
  return { kind: "file", path, anchor: decode(anchor) };
}

/** What else is in the source of a file: all its Markdown files, and the anchors in each. Absent where not known. */
export type Surroundings = {
  knownPaths?: ReadonlySet<string> | undefined;
  /** All its files and folders, of any kind. */
  knownFiles?: KnownFiles | undefined;
  anchorsAt?: ((path: string) => Anchors | undefined) | undefined;
};

/** Problems of all links and images of the file at `fromPath`. */
export function lintLinks(root: Root, fromPath: string, surroundings: Surroundings): Problem[] {
  const problems: Problem[] = [];
  const own = anchorsOf(root);
  const anchorsAt = (path: string) => (path === fromPath ? own : surroundings.anchorsAt?.(path));
  const { knownFiles } = surroundings;
  const around = { ...surroundings, anchorsAt };
  walkMarkdown(root, (node) => {
    if (node.type === "image") problems.push(...lintImage(node.url, placeOf(node), { fromPath, knownFiles }));
    else if (node.type === "link" || node.type === "definition")
      problems.push(...lintLink(node.url, placeOf(node), { ...around, fromPath }));
    if (node.type !== "html") return;
    for (const { kind, url, at } of htmlLinksOf(node))
      problems.push(
        ...(kind === "image"
          ? lintImage(url, at, { fromPath, knownFiles })
          : lintLink(url, at, { ...around, fromPath })),
      );
  });
  return problems;
}

type LintAround = Surroundings & { fromPath: string };

function lintLink(url: string, at: Place, { fromPath, knownPaths, knownFiles, anchorsAt }: LintAround): Problem[] {
  const target = resolveLink(url, fromPath);
  if (target.kind === "dropped") return [problem("E502", at, `${target.reason} (${url.slice(0, 80)})`)];
  if (target.kind === "external") return [];
  const path = target.kind === "file" ? target.path : fromPath;
  if (target.kind === "file" && isGone(path, { knownPaths, knownFiles })) return [noFile(path, at)];
  const anchors = anchorsAt?.(path);
  if (anchors === undefined || hasAnchor(anchors, target.anchor)) return [];
  const where = path === fromPath ? "this file" : path;
  return [problem("E503", at, `No heading of ${where} has the anchor #${target.anchor.slice(0, 80)}.`)];
}

function lintImage(url: string, at: Place, { fromPath, knownFiles }: LintAround): Problem[] {
  const target = resolveLink(url, fromPath);
  if (target.kind === "file") return knownFiles?.has(target.path) === false ? [noFile(target.path, at)] : [];
  return [problem("W504", at, "Pictures from elsewhere are not shown; the page links to them instead.")];
}

/** Where all files are known they count; else the Markdown files alone can be told to be gone. */
function isGone(path: string, { knownPaths, knownFiles }: Surroundings): boolean {
  if (knownFiles !== undefined) return !knownFiles.has(path.replace(/\/$/, ""));
  return /\.md$/i.test(path) && knownPaths?.has(path) === false;
}

const noFile = (path: string, at: Place): Problem => problem("E501", at, `There is no file ${path} in this source.`);

function resolveAbsolute(text: string): LinkTarget {
  try {
    const { protocol, href } = new URL(text);
    if (protocol === "https:" || protocol === "http:" || protocol === "mailto:") return { kind: "external", url: href };
    return { kind: "dropped", reason: `Links to ${protocol} are not followed.` };
  } catch {
    return { kind: "dropped", reason: "The link is not a URL." };
  }
}

/** `undefined` when the path climbs out of the source. */
function joinPath(fromPath: string, relative: string): string | undefined {
  const parts = fromPath.split("/").slice(0, -1);
  for (const part of relative.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
