import type { Definition, Image, Link, Root } from "mdast";
import { type Anchors, anchorsOf, hasAnchor } from "./anchors";
import { placeOf, walkMarkdown } from "./markdown-tree";
import { type Problem, problem } from "./problem";

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
  anchorsAt?: ((path: string) => Anchors | undefined) | undefined;
};

/** Problems of all links and images of the file at `fromPath`. */
export function lintLinks(root: Root, fromPath: string, surroundings: Surroundings): Problem[] {
  const problems: Problem[] = [];
  const own = anchorsOf(root);
  const anchorsAt = (path: string) => (path === fromPath ? own : surroundings.anchorsAt?.(path));
  walkMarkdown(root, (node) => {
    if (node.type === "image") problems.push(...lintImage(node, fromPath));
    else if (node.type === "link" || node.type === "definition")
      problems.push(...lintLink(node, fromPath, { ...surroundings, anchorsAt }));
  });
  return problems;
}

function lintLink(node: Link | Definition, fromPath: string, { knownPaths, anchorsAt }: Surroundings): Problem[] {
  const target = resolveLink(node.url, fromPath);
  if (target.kind === "dropped") return [problem("E502", placeOf(node), `${target.reason} (${node.url.slice(0, 80)})`)];
  if (target.kind === "external") return [];
  const path = target.kind === "file" ? target.path : fromPath;
  if (target.kind === "file" && /\.md$/i.test(path) && knownPaths?.has(path) === false)
    return [problem("E501", placeOf(node), `There is no file ${path} in this source.`)];
  const anchors = anchorsAt?.(path);
  if (anchors === undefined || hasAnchor(anchors, target.anchor)) return [];
  const where = path === fromPath ? "this file" : path;
  return [problem("E503", placeOf(node), `No heading of ${where} has the anchor #${target.anchor.slice(0, 80)}.`)];
}

function lintImage(node: Image, fromPath: string): Problem[] {
  const target = resolveLink(node.url, fromPath);
  if (target.kind === "file") return [];
  return [problem("W504", placeOf(node), "Pictures from elsewhere are not shown; the page links to them instead.")];
}

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
