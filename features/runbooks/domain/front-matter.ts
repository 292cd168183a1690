import { type Document, isMap, isNode, isScalar, type Pair, parseDocument } from "yaml";
import * as z from "zod/mini";
import { careFields, FIELD_ALIASES, tellFieldIssue } from "./front-matter-fields";
import type { RunbookParam } from "./params";
import { type Place, type Problem, problem } from "./problem";
import { readParams } from "./read-params";
import { RUNBOOK_KINDS, RUNBOOK_STATUSES } from "./runbook-kind";

/** Where steps come from: found by rule (`auto`), or named by the author. */
export const STEP_MODES = ["auto", "tasks", "headings", "ordered", "bullets", "none"] as const;

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
  /** Names of root or culprit operations; `*` stands for anything. */
  operations: wordList,
  /** Kinds of findings of a trace it is for: `n-plus-one`. */
  findings: wordList,
  steps: z.enum(STEP_MODES),
  /** Who takes part in a run; `approve=` and `role=` of a step name one of them. */
  roles,
  /** Heading of the section that is followed when a run is backed out of. */
  rollback: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
  ...careFields,
} as const;
type FieldName = keyof typeof fieldSchemas;

/** What an author may say about a runbook; every field is optional. */
export type FrontMatter = { [Name in FieldName]?: z.output<(typeof fieldSchemas)[Name]> } & { params?: RunbookParam[] };

/** `body` has the front matter blanked out, character for character, so that lines and offsets stay those of the file. */
export type SplitSource = {
  meta: FrontMatter;
  body: string;
  problems: Problem[];
  /** There is front matter, and what it says is not known: whatever it might have asked for must be taken as asked. */
  isUnread: boolean;
};

/**
 * Reads the YAML between `---` lines at the very start of a file. Unknown keys are ignored, since other tools have
 * theirs; a wrong value costs that field only. YAML 1.2 core schema: no tags, no code, aliases limited.
 */
export function parseFrontMatter(source: string): SplitSource {
  const opening = /^---[ \t]*\r?\n/.exec(source);
  if (opening === null) return { meta: {}, body: source, ...lintMissingStart(source) };
  const closing = /^(?:---|\.\.\.)[ \t]*\r?$/m.exec(source.slice(opening[0].length));
  if (closing === null) return { body: source, ...unclosed(source) };
  const yamlText = source.slice(opening[0].length, opening[0].length + closing.index);
  const end = opening[0].length + closing.index + closing[0].length;
  const body = source.slice(0, end).replace(/[^\r\n]/g, " ") + source.slice(end);
  if (yamlText.length > MAX_FRONT_MATTER_CHARS) {
    const message = `The front matter is longer than ${MAX_FRONT_MATTER_CHARS} characters and was not read: shorten it.`;
    return { body, ...unread([problem("E105", 1, message)]) };
  }
  return { ...parseFields(yamlText), body };
}

const unread = (problems: Problem[]) => ({ meta: {}, problems, isUnread: true });

/** A rule across the page at the top of a file is no front matter; a line `name: value` below it is a sign of one. */
function unclosed(source: string) {
  const message = "The front matter opened here is never closed: add a line with three dashes after it.";
  const isUnread = /^---[ \t]*\r?\n(?:[ \t#].*\r?\n)*[\w-]+:(?:\s|$)/.test(source);
  return isUnread ? unread([problem("E104", 1, message)]) : { meta: {}, problems: [], isUnread };
}

function lintMissingStart(source: string): { problems: Problem[]; isUnread: boolean } {
  const late = /^(?:[ \t]*\r?\n)+---[ \t]*\r?\n(?:[\w-]+:.*\r?\n)+---/.exec(source);
  if (late === null) return { problems: [], isUnread: false };
  const line = (/^(?:[ \t]*\r?\n)+/.exec(source)?.[0].split("\n").length ?? 1) || 1;
  const message = "Front matter must start in the first line of the file: remove the blank lines above it.";
  return unread([problem("W110", line, message)]);
}

type Fields = { meta: FrontMatter; problems: Problem[]; isUnread: boolean };

function parseFields(yamlText: string): Fields {
  try {
    const document = parseDocument(yamlText, {
      schema: "core",
      uniqueKeys: true,
      prettyErrors: false,
      stringKeys: true,
    });
    const places = new FieldPlaces(yamlText, document);
    if (document.errors.length === 0) return checkFields(document.toJS({ maxAliasCount: MAX_ALIASES }), places);
    return unread(
      document.errors.slice(0, 5).map((error) => {
        const at = places.at(error.pos[0]);
        const owner = unquotedOwner(yamlText, at.line);
        return owner ?? problem("E101", at, `The front matter is not YAML: ${plainReason(error.code, error.message)}`);
      }),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unread([problem("E101", 1, `The front matter is not usable: ${reason}`)]);
  }
}

/** Where fields stand in the file. */
class FieldPlaces {
  readonly #text: string;
  readonly #pairs: Pair[];

  constructor(text: string, document: Document.Parsed) {
    this.#text = text;
    this.#pairs = isMap(document.contents) ? (document.contents.items as Pair[]) : [];
  }

  /** The place of an offset of the YAML; its first line is the second of the file. */
  at(offset: number): Place {
    const before = this.#text.slice(0, offset).split("\n");
    return { line: 1 + before.length, column: 1 + (before.at(-1)?.length ?? 0) };
  }

  /** The value of a field, or its name where there is none. */
  of(name: string): Place {
    return this.#placeIn(this.#pairs, name);
  }

  /** A name below a field. */
  below(field: string, name: string): Place {
    const value = this.#pairs.find(({ key }) => isScalar(key) && key.value === field)?.value;
    return isMap(value) ? this.#placeIn(value.items as Pair[], name) : this.of(field);
  }

  #placeIn(pairs: readonly Pair[], name: string): Place {
    const pair = pairs.find(({ key }) => isScalar(key) && key.value === name);
    const node = isNode(pair?.value) && !isEmpty(pair.value.range) ? pair.value : pair?.key;
    return this.at((isNode(node) ? node.range?.[0] : undefined) ?? 0);
  }
}

const isEmpty = (range: readonly number[] | null | undefined): boolean => range?.[0] === range?.[1];

/** The reasons authors meet most, with what to do. */
function plainReason(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "this name is given twice: keep one.";
  if (code === "TAB_AS_INDENT") return "a tab indents this line: use spaces.";
  if (code === "BAD_ALIAS" || code === "BAD_SCALAR_START") return `${message}: put the value in quotes.`;
  return message;
}

function checkFields(value: unknown, places: FieldPlaces): Fields {
  if (value === null || value === undefined) return { meta: {}, problems: [], isUnread: false };
  const entries = z.record(z.string(), z.unknown()).safeParse(value);
  if (!entries.success || Array.isArray(value)) {
    return unread([problem("E101", 2, "The front matter must be a list of `name: value` lines.")]);
  }
  const read = readFields(entries.data, places);
  if (!Object.hasOwn(entries.data, "params")) return read;
  const { params, problems } = readParams(entries.data.params, (name) => places.below("params", name));
  return { ...read, meta: { ...read.meta, params }, problems: [...read.problems, ...problems] };
}

function readFields(entries: Record<string, unknown>, places: FieldPlaces): Fields {
  const meta: Record<string, unknown> = {};
  const problems: Problem[] = [];
  let isUnread = false;
  for (const [written, given] of Object.entries(entries)) {
    const name = FIELD_ALIASES[written] ?? written;
    if (!isField(name) || (name !== written && Object.hasOwn(entries, name))) continue;
    const result = fieldSchemas[name].safeParse(given);
    if (result.success) meta[name] = result.data;
    else problems.push(fieldProblem(written, given, { places, issue: result.error.issues[0] }));
    // What guards a start is taken as asked for when it cannot be read.
    isUnread ||= !result.success && (name === "risk" || name === "status");
  }
  return { meta: meta as FrontMatter, problems, isUnread };
}

const isField = (name: string): name is FieldName => Object.hasOwn(fieldSchemas, name);

type FieldTrouble = { places: FieldPlaces; issue: z.core.$ZodIssue | undefined };

function fieldProblem(name: string, given: unknown, { places, issue }: FieldTrouble): Problem {
  const at = places.of(name);
  // `#channel` without quotes is a comment.
  if (given === null && name.startsWith("owner")) return quoteOwner(at.line);
  return problem("E103", at, `${name}: ${tellFieldIssue(issue)}.`);
}

function unquotedOwner(yamlText: string, line: number): Problem | undefined {
  return /^owner(?:_slack)?:\s*@/.test(yamlText.split("\n")[line - 2] ?? "") ? quoteOwner(line) : undefined;
}

function quoteOwner(line: number): Problem {
  return problem("E106", line, 'owner: put the value in quotes, as in owner: "@team" or owner: "#channel".');
}
