import type { Root } from "mdast";
import { findUnseen } from "./commands/visible-text";
import { placeOf, plainText, rangeOf, walkMarkdown } from "./markdown-tree";
import { type RunbookParam, toValueKey } from "./params";
import { type Problem, problem } from "./problem";
import { DISALLOWED_TAGS, isHtmlTangle, placeIn, tagsOf } from "./rendering/raw-html";

/** Each rule is reported at its first few places only: forty copies of one sentence help nobody. */
const MAX_PER_CODE = 5;

const FOREIGN_SYNTAX: [RegExp, string][] = [
  [/^\s*:::\s*\w+/, "A `:::` block is shown as text; write a quote that starts with [!NOTE] instead."],
  [/^\s*!!!\s+\w+/, "A `!!!` block is shown as text; write a quote that starts with [!NOTE] instead."],
  [/^\s*\{\{[<%].*[>%]\}\}/, "A shortcode is shown as text; write Markdown instead."],
  [/^\s*\[\[_TOC_\]\]/, "`[[_TOC_]]` is not needed: the page has its own outline."],
];

const SECRET_SHAPES = [
  /\bAKIA[0-9A-Z]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/,
  /\bpassword\s*[:=]?\s*["'][^"'<>$\s]{6,}["']/i,
];

/** What an author should know about the dialect, beyond steps and links. `body` is the text without front matter. */
export function lintDialect(root: Root, body: string): Problem[] {
  return capPerCode([...lintLines(root, body), ...lintHtml(root), ...lintEmptyBoxes(root)]);
}

/** Names in angle brackets inside code, such as `<version>`: what a reader has to fill in. In order, each once. */
export function findPlaceholders(root: Root): string[] {
  const found = new Set<string>();
  walkMarkdown(root, (node) => {
    if (node.type !== "code" && node.type !== "inlineCode") return;
    for (const name of placeholdersIn(node.value)) found.add(name);
  });
  return [...found].slice(0, 50);
}

/** Names to fill in that an author who declared some did not declare: nothing checks what is put there. */
export function lintUndeclared(root: Root, params: readonly RunbookParam[] | undefined): Problem[] {
  if (params === undefined || params.length === 0) return [];
  const known = new Set(params.map(({ name }) => toValueKey(name)));
  const problems: Problem[] = [];
  walkMarkdown(root, (node) => {
    if (node.type !== "code" && node.type !== "inlineCode") return;
    for (const name of placeholdersIn(node.value)) {
      if (known.has(toValueKey(name))) continue;
      known.add(toValueKey(name));
      problems.push(
        problem("W401", placeOf(node), `<${name}> is not declared: add it to params, so that its value is checked.`),
      );
    }
  });
  return capPerCode(problems);
}

function placeholdersIn(code: string): string[] {
  return [...code.matchAll(/<([A-Za-z][A-Za-z0-9 _-]{0,59})>/g)].flatMap(([, name]) =>
    name !== undefined && !HTML_TAGS.has(name.toLowerCase()) ? [name] : [],
  );
}

function lintLines(root: Root, body: string): Problem[] {
  const codeLines = new Set<number>();
  walkMarkdown(root, (node) => {
    if (node.type !== "code" || node.position === undefined) return;
    for (let line = node.position.start.line; line <= node.position.end.line; line += 1) codeLines.add(line);
  });
  return body.split("\n").flatMap((text, index) => {
    const line = index + 1;
    const problems: Problem[] = [];
    if (!codeLines.has(line)) {
      for (const [shape, message] of FOREIGN_SYNTAX)
        if (shape.test(text)) problems.push(problem("W602", { line, column: text.search(/\S/) + 1 }, message));
    }
    const unseen = codeLines.has(line) ? findUnseen(text.replace(/\t|\r$/g, "")) : undefined;
    if (unseen !== undefined)
      problems.push(problem("W606", line, `This command ${unseen}: what is copied is not what is read.`));
    const secretAt = Math.max(...SECRET_SHAPES.map((shape) => text.slice(0, 2000).search(shape)));
    if (secretAt >= 0) {
      problems.push(
        problem(
          "W605",
          { line, column: secretAt + 1 },
          "This looks like a secret. Keep secrets out of runbooks; name where they are kept.",
        ),
      );
    }
    return problems;
  });
}

function lintHtml(root: Root): Problem[] {
  const problems: Problem[] = [];
  walkMarkdown(root, (node) => {
    if (node.type !== "html") return;
    for (const { name, text, at, isClosing } of tagsOf(node)) {
      if (isClosing) continue;
      if (DISALLOWED_TAGS.has(name)) problems.push(problem("W604", placeIn(node, at), shownAsText(name)));
      else if (!HTML_TAGS.has(name) && !LAYOUT_TAGS.has(name))
        problems.push(problem("W402", placeIn(node, at), vanishing(text)));
    }
  });
  if (isHtmlTangle(root))
    problems.push(problem("W604", 1, "The HTML of this file nests too deep or is too much: it is shown as text."));
  return problems;
}

const vanishing = (tag: string): string => `${tag.slice(0, 80)} is read as HTML and not shown: put it in backticks.`;

const shownAsText = (name: string): string => `<${name}> is not allowed, here as on GitHub: it is shown as text.`;

/** `- [ ]` with nothing behind it is literal text in GitHub's Markdown, not a task. */
function lintEmptyBoxes(root: Root): Problem[] {
  const problems: Problem[] = [];
  walkMarkdown(root, (node) => {
    if (node.type !== "listItem" || typeof node.checked === "boolean") return;
    const [first] = node.children;
    if (first?.type !== "paragraph" || rangeOf(first).end - rangeOf(first).start > 4) return;
    if (/^\[[ xX]?\]$/.test(plainText(first))) {
      problems.push(problem("W211", placeOf(node), "An empty box is not a step: write what is to be done behind it."));
    }
  });
  return problems;
}

function capPerCode(problems: Problem[]): Problem[] {
  const seen = new Map<string, number>();
  return problems.filter(({ code }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    return count <= MAX_PER_CODE;
  });
}

const HTML_TAGS = new Set(
  "a abbr b blockquote body br button center code dd del details div dl dt em font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd li link main mark meta nav object ol option p picture pre q s samp script section select small source span strike strong style sub summary sup svg table tbody td textarea tfoot th thead title tr tt u ul var video".split(
    " ",
  ),
);

/** Known tags besides those; nobody asks for a value by these names. */
const LAYOUT_TAGS = new Set("big caption cite col colgroup dfn g-emoji rp rt ruby wbr".split(" "));
