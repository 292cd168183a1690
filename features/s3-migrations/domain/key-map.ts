import * as z from "zod/mini";
import { matchPattern, type PatternToken, parsePattern, splitBraces } from "./key-pattern";

const MAX_TEMPLATE = 1024;
const BUILT_IN = new Set(["key", "dir", "file", "name", "ext"]);
const PLACEHOLDER = /^(part:(-?[1-9]\d?)|[a-z][a-z0-9_]{0,30})(?:\|(lower|nfc))?$/;

type TemplateToken =
  | { kind: "literal"; text: string }
  | { kind: "value"; name: string; part: number | undefined; change: "lower" | "nfc" | undefined };

const ruleSchema = z
  .strictObject({
    /** Keys this rule is for; absent = every key. */
    match: z.optional(z.string().check(z.minLength(1), z.maxLength(MAX_TEMPLATE))),
    to: z.string().check(z.minLength(1), z.maxLength(MAX_TEMPLATE)),
  })
  .check((context) => {
    const { problem, path } = compileRule(context.value);
    if (problem !== undefined)
      context.issues.push({ code: "custom", message: problem, input: context.value, path: [path] });
  });
type Rule = z.output<typeof ruleSchema>;

/**
 * How a source key becomes a destination key; the destination's prefix goes in front of either. `manifest`: as the
 * rows of the manifest say.
 */
export const keyMapSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("template"),
    /** The first that matches wins. */
    rules: z.array(ruleSchema).check(z.minLength(1), z.maxLength(20)),
    /** Keys no rule is for: kept, left out by rule, or reported as keys that cannot be copied. */
    otherwise: z._default(z.enum(["keep", "leave_out", "refuse"]), "refuse"),
  }),
  z.strictObject({ kind: z.literal("manifest") }),
]);
export type KeyMap = z.output<typeof keyMapSchema>;

export type Mapped =
  | { kind: "key"; key: string; rule: number | undefined }
  | { kind: "left_out" }
  | { kind: "refused"; message: string };

/** The map as a function; pure, and bounded in time for any key. The schema has seen to it that the rules parse. */
export function compileKeyMap(map: KeyMap): (key: string) => Mapped {
  if (map.kind !== "template") return (key) => ({ kind: "key", key, rule: undefined });
  const rules = map.rules.map(compileRule);
  return (key) => {
    for (const [at, { pattern, template }] of rules.entries()) {
      const parts = pattern === undefined ? new Map<string, string>() : matchPattern(pattern, key);
      if (parts !== undefined) return fill(template, key, { parts, rule: at });
    }
    if (map.otherwise === "keep") return { kind: "key", key, rule: undefined };
    return map.otherwise === "leave_out" ? { kind: "left_out" } : { kind: "refused", message: "key that no rule maps" };
  };
}

function fill(
  template: readonly TemplateToken[],
  key: string,
  { parts, rule }: { parts: ReadonlyMap<string, string>; rule: number },
): Mapped {
  let filled = "";
  for (const token of template) {
    const value = token.kind === "literal" ? token.text : filledValue(token, key, parts);
    if (value === undefined) return { kind: "refused", message: "key with fewer parts than its rule names" };
    filled += value;
  }
  return { kind: "key", key: filled, rule };
}

function filledValue(
  { name, part, change }: Extract<TemplateToken, { kind: "value" }>,
  key: string,
  parts: ReadonlyMap<string, string>,
): string | undefined {
  const value =
    part === undefined ? (parts.get(name) ?? builtIn(name, key)) : key.split("/").at(part < 0 ? part : part - 1);
  if (change === "lower") return value?.toLowerCase();
  return change === "nfc" ? value?.normalize("NFC") : value;
}

/** `{dir}{name}{ext}` is always the key: `dir` ends with its slash, `ext` begins with its dot, each may be empty. */
function builtIn(name: string, key: string): string | undefined {
  const file = key.slice(key.lastIndexOf("/") + 1);
  const dot = file.lastIndexOf(".");
  // ".profile" is a name, not an extension.
  const stem = dot > 0 ? file.slice(0, dot) : file;
  const values: Record<string, string> = {
    key,
    dir: key.slice(0, key.length - file.length),
    file,
    name: stem,
    ext: file.slice(stem.length),
  };
  return values[name];
}

type Compiled = {
  pattern: PatternToken[] | undefined;
  template: TemplateToken[];
  /** Why it is no rule, and in which of its two fields. */
  problem?: string;
  path: "match" | "to";
};

function compileRule({ match, to }: Rule): Compiled {
  const none = { pattern: undefined, template: [] };
  const pattern = match === undefined ? { tokens: undefined } : parsePattern(match);
  if ("problem" in pattern) return { ...none, problem: pattern.problem, path: "match" };
  const names = new Set((pattern.tokens ?? []).flatMap((token) => (token.kind === "part" ? [token.name] : [])));
  const shadow = [...names].find((name) => BUILT_IN.has(name));
  if (shadow !== undefined) {
    return {
      ...none,
      problem: `has {${shadow}}, which always means a part of the whole key; choose another name`,
      path: "match",
    };
  }
  const pieces = splitBraces(to);
  if (pieces === undefined) {
    return { ...none, problem: "has a brace without its partner; write {{ or }} for a brace itself", path: "to" };
  }
  const template: TemplateToken[] = [];
  for (const piece of pieces) {
    const token = piece.isPart ? toValue(piece.text, names) : { kind: "literal" as const, text: piece.text };
    if (token === undefined) {
      const known = [...BUILT_IN, "part:1", ...names].map((name) => `{${name}}`).join(", ");
      return { ...none, problem: `has {${piece.text}}; known are ${known}, each with |lower or |nfc`, path: "to" };
    }
    template.push(token);
  }
  return { pattern: pattern.tokens, template, path: "to" };
}

function toValue(text: string, names: ReadonlySet<string>): TemplateToken | undefined {
  const [, name, part, change] = PLACEHOLDER.exec(text) ?? [];
  if (name === undefined || (part === undefined && !BUILT_IN.has(name) && !names.has(name))) return undefined;
  return {
    kind: "value",
    name,
    part: part === undefined ? undefined : Number(part),
    change: change === "lower" || change === "nfc" ? change : undefined,
  };
}
