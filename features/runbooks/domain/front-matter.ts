import { parseDocument } from "yaml";
import * as z from "zod/mini";
import type { RunbookParam } from "./params";
import { type Problem, problem } from "./problem";
import { readParams } from "./read-params";
import { RUNBOOK_KINDS, RUNBOOK_STATUSES } from "./runbook-kind";

/** Where steps come from: found by rule (`auto`), or named by the author. */
export const STEP_MODES = ["auto", "tasks", "headings", "ordered", "none"] as const;

const MAX_FRONT_MATTER_CHARS = 16_000;
const MAX_ALIASES = 50;

const words = z.pipe(
  z.pipe(z.union([z.string(), z.number()]), z.transform(String)),
  z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
);
const wordList = z.union([
  z.pipe(
    words,
    z.transform((word) => [word]),
  ),
  z.array(words).check(z.maxLength(50)),
]);

const roleSchema = z.nullable(
  z.strictObject({
    distinct: z._default(z.boolean(), false),
    team: z._default(z.string().check(z.maxLength(100)), ""),
  }),
);
const roles = z.pipe(
  z.record(z.string().check(z.regex(/^[A-Za-z][\w -]{0,59}$/)), roleSchema),
  z.transform((given: Record<string, z.output<typeof roleSchema>>) =>
    Object.entries(given).map(([name, role]) => ({
      name,
      isDistinct: role?.distinct ?? false,
      team: role?.team ?? "",
    })),
  ),
);

const fieldSchemas = {
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
  summary: z.string().check(z.trim(), z.minLength(1), z.maxLength(1000)),
  kind: z.enum(RUNBOOK_KINDS),
  status: z.enum(RUNBOOK_STATUSES),
  owner: wordList,
  tags: wordList,
  services: wordList,
  environments: wordList,
  alerts: wordList,
  /** Names of root or culprit operations; `*` stands for anything. */
  operations: wordList,
  /** Kinds of findings of a trace it is for: `n-plus-one`. */
  findings: wordList,
  steps: z.enum(STEP_MODES),
  /** Who takes part in a run; `approve=` and `role=` of a step name one of them. */
  roles,
  /** Heading of the section that is followed when a run is backed out of. */
  rollback: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
} as const;
type FieldName = keyof typeof fieldSchemas;

/** What an author may say about a runbook; every field is optional. */
export type FrontMatter = { [Name in FieldName]?: z.output<(typeof fieldSchemas)[Name]> } & { params?: RunbookParam[] };

/** `body` has the front matter blanked out, character for character, so that lines and offsets stay those of the file. */
export type SplitSource = { meta: FrontMatter; body: string; problems: Problem[] };

/**
 * Reads the YAML between `---` lines at the very start of a file. Unknown keys are ignored, since other tools have
 * theirs; a wrong value costs that field only. YAML 1.2 core schema: no tags, no code, aliases limited.
 */
export function parseFrontMatter(source: string): SplitSource {
  const opening = /^---[ \t]*\r?\n/.exec(source);
  if (opening === null) return { meta: {}, body: source, problems: lintMissingStart(source) };
  const closing = /^(?:---|\.\.\.)[ \t]*\r?$/m.exec(source.slice(opening[0].length));
  if (closing === null) {
    const message = "The front matter opened here is never closed: add a line with three dashes after it.";
    return { meta: {}, body: source, problems: [problem("E104", 1, message)] };
  }
  const yamlText = source.slice(opening[0].length, opening[0].length + closing.index);
  const end = opening[0].length + closing.index + closing[0].length;
  const body = source.slice(0, end).replace(/[^\r\n]/g, " ") + source.slice(end);
  if (yamlText.length > MAX_FRONT_MATTER_CHARS) {
    const message = `The front matter is longer than ${MAX_FRONT_MATTER_CHARS} characters and was not read.`;
    return { meta: {}, body, problems: [problem("E105", 1, message)] };
  }
  return { ...parseFields(yamlText), body };
}

function lintMissingStart(source: string): Problem[] {
  const late = /^(?:[ \t]*\r?\n)+---[ \t]*\r?\n(?:[\w-]+:.*\r?\n)+---/.exec(source);
  if (late === null) return [];
  const line = (/^(?:[ \t]*\r?\n)+/.exec(source)?.[0].split("\n").length ?? 1) || 1;
  return [
    problem("W110", line, "Front matter must start in the first line of the file: remove the blank lines above it."),
  ];
}

function parseFields(yamlText: string): { meta: FrontMatter; problems: Problem[] } {
  try {
    const document = parseDocument(yamlText, {
      schema: "core",
      uniqueKeys: true,
      prettyErrors: false,
      stringKeys: true,
    });
    const placeAt = (offset: number) => {
      const before = yamlText.slice(0, offset).split("\n");
      return { line: 1 + before.length, column: 1 + (before.at(-1)?.length ?? 0) };
    };
    if (document.errors.length > 0) {
      const problems = document.errors.slice(0, 5).map((error) => {
        const at = placeAt(error.pos[0]);
        return (
          unquotedOwner(yamlText, at.line) ?? problem("E101", at, `The front matter is not YAML: ${error.message}`)
        );
      });
      return { meta: {}, problems };
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return checkFields(value, yamlText);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { meta: {}, problems: [problem("E101", 1, `The front matter is not usable: ${reason}`)] };
  }
}

function checkFields(value: unknown, yamlText: string): { meta: FrontMatter; problems: Problem[] } {
  if (value === null || value === undefined) return { meta: {}, problems: [] };
  const entries = z.record(z.string(), z.unknown()).safeParse(value);
  if (!entries.success || Array.isArray(value)) {
    return { meta: {}, problems: [problem("E101", 2, "The front matter must be a list of `name: value` lines.")] };
  }
  const meta: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, schema] of Object.entries(fieldSchemas)) {
    if (!Object.hasOwn(entries.data, name)) continue;
    const line = lineOfKey(yamlText, name);
    const result = schema.safeParse(entries.data[name]);
    if (result.success) meta[name] = result.data;
    else if (name === "owner" && entries.data[name] === null) problems.push(quoteOwner(line));
    else problems.push(problem("E103", line, `${name}: ${result.error.issues[0]?.message ?? "is not valid"}`));
  }
  if (Object.hasOwn(entries.data, "params")) {
    const read = readParams(entries.data.params, (name) => lineOfKey(yamlText, name, " "));
    meta.params = read.params;
    problems.push(...read.problems);
  }
  return { meta: meta as FrontMatter, problems };
}

/** The first of these keys; `indent` for one below another. */
function lineOfKey(yamlText: string, name: string, indent = ""): number {
  const lines = yamlText.split("\n");
  const index = lines.findIndex((line) => line.startsWith(indent) && line.trimStart().startsWith(`${name}:`));
  return index < 0 ? 2 : index + 2;
}

function unquotedOwner(yamlText: string, line: number): Problem | undefined {
  return /^owner:\s*@/.test(yamlText.split("\n")[line - 2] ?? "") ? quoteOwner(line) : undefined;
}

function quoteOwner(line: number): Problem {
  return problem("E106", line, 'owner: put the value in quotes, as in owner: "@team" or owner: "#channel".');
}
