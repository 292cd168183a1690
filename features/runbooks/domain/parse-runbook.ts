import type { Heading, Root } from "mdast";
import { annotateSteps } from "./annotations/annotate-steps";
import { markRollback } from "./annotations/mark-rollback";
import { addBulletSteps } from "./bullet-steps";
import { type FrontMatter, parseFrontMatter } from "./front-matter";
import { addHeadingSteps, findNumberedHeadings } from "./heading-steps";
import { lintLinks, type Surroundings } from "./link-target";
import { findPlaceholders, lintDialect, lintUndeclared } from "./lint";
import { parseMarkdown, placeOf, plainText, rangeOf, walkMarkdown } from "./markdown-tree";
import { addOrderedSteps, countOrderedItems, type OrderedScope } from "./ordered-steps";
import type { RunbookParam } from "./params";
import { type Problem, problem, sortProblems } from "./problem";
import { withEmoji } from "./rendering/github-emoji";
import { careOf, lintCare, type RunbookCare } from "./runbook-care";
import type { RunbookKind, RunbookStatus } from "./runbook-kind";
import type { StepTree } from "./step-tree";
import { addTaskSteps, hasTasks } from "./task-steps";
import { TreeBuilder } from "./tree-builder";

/** Rises with every change of what {@link parseRunbook} makes of a text, so that stored results are made anew. */
export const PARSER_VERSION = 8;
/** UTF-16 units; a longer file is listed with a problem and not parsed. */
export const MAX_PARSED_CHARS = 256 * 1024;

export const MAX_TITLE_CHARS = 200;

export type ParsedRunbook = {
  title: string;
  summary: string;
  kind: RunbookKind;
  status: RunbookStatus;
  owners: string[];
  tags: string[];
  services: string[];
  environments: string[];
  alerts: string[];
  operations: string[];
  findings: string[];
  tree: StepTree;
  stepCount: number;
  /** Headings in order, for the outline. */
  headings: string[];
  /** Text of all code blocks and spans, for search. */
  commands: string;
  placeholders: string[];
  /** The values whose rules its author declared. */
  params: RunbookParam[];
  /** In place of the id made of the path. */
  ownId: string | null;
  care: RunbookCare;
  problems: Problem[];
};

/** A file, and the rest of its source where it is known, to find dead links. */
export type RunbookFile = {
  /** Relative to the source, `/` between folders. */
  path: string;
  text: string;
} & Surroundings;

/** Makes a runbook of any text whatever: what cannot be read becomes a problem, never an exception. */
export function parseRunbook({ path, text, ...surroundings }: RunbookFile): ParsedRunbook {
  if (text.length > MAX_PARSED_CHARS) {
    return unreadable(
      path,
      problem("E107", 1, `The file is longer than ${MAX_PARSED_CHARS / 1024} KiB and was not read.`),
    );
  }
  const { meta, body, problems, isUnread } = parseFrontMatter(text);
  const root = parseMarkdown(body);
  if (root === undefined)
    return unreadable(path, problem("E108", 1, "Lists or quotes nest too deep, or marks are too many, to be read."));
  const firstHeading = root.children.find((node): node is Heading => node.type === "heading" && node.depth === 1);
  const kind = meta.kind ?? (isAlertShape(root) ? "alert" : undefined);
  const { tree, stepProblems, stepCount } = buildTree(root, body, meta, {
    isAlert: kind === "alert",
    path,
    knownPaths: surroundings.knownPaths,
  });
  return {
    ...describe(root, meta, path, firstHeading),
    kind: kind ?? (stepCount > 0 ? "procedure" : "reference"),
    status: meta.status ?? (isArchivedByTitle(firstHeading) ? "archived" : "active"),
    ...listFields(meta),
    alerts: meta.alerts?.map(({ name }) => name) ?? (kind === "alert" ? [fileName(path)] : []),
    tree,
    stepCount,
    placeholders: findPlaceholders(root),
    params: meta.params ?? [],
    ownId: meta.id ?? null,
    care: careOf(meta, isUnread),
    problems: sortProblems([
      ...problems,
      ...lintTitle(meta, firstHeading),
      ...lintCare(meta, () => lineOfField(text, "drill")),
      ...lintUndeclared(root, meta.params),
      ...stepProblems,
      ...lintLinks(root, path, surroundings),
      ...lintDialect(root, body),
    ]).slice(0, 100),
  };
}

/** The first rule that finds steps wins; what an author asked for in `steps:` comes before all rules. */
function buildTree(
  root: Root,
  source: string,
  meta: FrontMatter,
  { isAlert, ...file }: { isAlert: boolean } & Pick<RunbookFile, "path" | "knownPaths">,
) {
  const builder = new TreeBuilder();
  const mode = meta.steps ?? "auto";
  const scope = { source, isAlert };
  const rule = mode === "auto" ? findRule(root, scope) : mode;

  if (rule === "tasks") addTaskSteps(root, builder);
  else if (rule === "headings") addHeadingSteps(root, builder);
  else if (rule === "ordered") addOrderedSteps(root, builder, scope);
  else if (rule === "bullets") addBulletSteps(root, builder);
  else addProseOnly(root, builder);

  const stepProblems = [...builder.problems];
  if (builder.stepCount === 0 && mode !== "auto" && mode !== "none") {
    stepProblems.push(problem("W108", 1, `steps: ${mode} was asked for, and the file has none.`));
  }
  const sections = builder.sections.filter(({ items, title }) => items.length > 0 || title !== "");
  markRollback(sections, meta.rollback);
  const tree: StepTree = { rule, sections, ...(meta.roles === undefined ? {} : { roles: meta.roles }) };
  const params = (meta.params ?? []).map(({ name }) => name);
  stepProblems.push(...annotateSteps(root, tree, { roles: meta.roles?.map(({ name }) => name), params, file }));
  return { tree, stepProblems, stepCount: builder.stepCount };
}

function findRule(root: Root, scope: OrderedScope): StepTree["rule"] {
  if (hasTasks(root)) return "tasks";
  if (findNumberedHeadings(root).length > 0) return "headings";
  return countOrderedItems(root, scope) >= 2 ? "ordered" : "none";
}

function listFields(meta: FrontMatter) {
  const { owner: owners = [], tags = [], services = [], environments = [], operations = [], findings = [] } = meta;
  return { owners, tags, services, environments, operations, findings };
}

function addProseOnly(root: Root, builder: TreeBuilder): void {
  for (const block of root.children) {
    if (block.type === "heading") builder.startSection(block);
    else builder.addProse(rangeOf(block));
  }
}

function describe(root: Root, meta: FrontMatter, path: string, firstHeading: Heading | undefined) {
  const headings: string[] = [];
  const commands: string[] = [];
  walkMarkdown(root, (node) => {
    if (node.type === "heading") headings.push(plainText(node));
    else if (node.type === "code" || node.type === "inlineCode") commands.push(node.value);
  });
  const headingText = firstHeading === undefined ? "" : withEmoji(plainText(firstHeading));
  const paragraph = root.children.find((node) => node.type === "paragraph" && plainText(node) !== "");
  return {
    title: (meta.title ?? (headingText || fileName(path))).slice(0, MAX_TITLE_CHARS),
    summary: (meta.summary ?? (paragraph === undefined ? "" : plainText(paragraph))).slice(0, 300),
    headings: headings.slice(0, 500),
    commands: commands.join("\n"),
  };
}

/** Meaning and Mitigation side by side: the shape alert runbooks share. */
function isAlertShape(root: Root): boolean {
  const titles = root.children.flatMap((node) =>
    node.type === "heading" && node.depth === 2 ? [plainText(node)] : [],
  );
  return titles.some((title) => /^meaning$/i.test(title)) && titles.some((title) => /^mitigation$/i.test(title));
}

const isArchivedByTitle = (heading: Heading | undefined): boolean =>
  heading !== undefined && /\(archived\)/i.test(plainText(heading));

function lineOfField(text: string, name: string): number {
  return (
    Math.max(
      0,
      text.split("\n").findIndex((line) => line.startsWith(`${name}:`)),
    ) + 1
  );
}

function lintTitle({ title, status }: FrontMatter, heading: Heading | undefined): Problem[] {
  if (heading !== undefined && status === undefined && isArchivedByTitle(heading)) {
    const message =
      "The heading says archived, so no run can be started: say it with status: archived in the front matter.";
    return [problem("W104", placeOf(heading), message), ...lintOtherTitle(title, heading)];
  }
  return lintOtherTitle(title, heading);
}

function lintOtherTitle(title: string | undefined, heading: Heading | undefined): Problem[] {
  if (title === undefined || heading === undefined || plainText(heading) === title) return [];
  return [problem("W101", placeOf(heading), `The heading says "${plainText(heading)}", the front matter "${title}".`)];
}

function fileName(path: string): string {
  const parts = path.replace(/\.md$/i, "").split("/");
  const last = parts.at(-1) ?? path;
  return /^readme$/i.test(last) ? (parts.at(-2) ?? last) : last;
}

function unreadable(path: string, reason: Problem): ParsedRunbook {
  return {
    title: fileName(path),
    summary: "",
    kind: "reference",
    status: "active",
    owners: [],
    tags: [],
    services: [],
    environments: [],
    alerts: [],
    operations: [],
    findings: [],
    tree: { rule: "none", sections: [] },
    stepCount: 0,
    headings: [],
    commands: "",
    placeholders: [],
    params: [],
    ownId: null,
    care: careOf({}, true),
    problems: [reason],
  };
}
