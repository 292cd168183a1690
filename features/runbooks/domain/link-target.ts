import type { Definition, Image, Link, Root } from "mdast";
import { lineOf, walkMarkdown } from "./markdown-tree";
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

/** Problems of all links and images; `knownPaths` are all files of the source, `undefined` when not known. */
export function lintLinks(root: Root, fromPath: string, knownPaths?: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  walkMarkdown(root, (node) => {
    if (node.type === "image") problems.push(...lintImage(node, fromPath));
    else if (node.type === "link" || node.type === "definition") problems.push(...lintLink(node, fromPath, knownPaths));
  });
  return problems;
}

function lintLink(node: Link | Definition, fromPath: string, knownPaths?: ReadonlySet<string>): Problem[] {
  const target = resolveLink(node.url, fromPath);
  if (target.kind === "dropped") return [problem("E502", lineOf(node), `${target.reason} (${node.url.slice(0, 80)})`)];
  const isMissing = target.kind === "file" && /\.md$/i.test(target.path) && knownPaths?.has(target.path) === false;
  return isMissing ? [problem("E501", lineOf(node), `There is no file ${target.path} in this source.`)] : [];
}

function lintImage(node: Image, fromPath: string): Problem[] {
  const target = resolveLink(node.url, fromPath);
  if (target.kind === "file") return [];
  return [problem("W504", lineOf(node), "Pictures from elsewhere are not shown; the page links to them instead.")];
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
