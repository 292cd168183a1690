import * as z from "zod/mini";
import { findUnseen } from "./commands/visible-text";

/** What a value of a run may be. A secret is never asked for: a run is kept and shown. */
export const PARAM_TYPES = ["string", "int", "bool", "enum", "sha", "url", "duration", "secret"] as const;

export const runbookParamSchema = z.object({
  /** As its author spells it; a placeholder may use other case, spaces or underscores. */
  name: z.string(),
  type: z.enum(PARAM_TYPES),
  isRequired: z.boolean(),
  default: z.string(),
  options: z.array(z.string()),
  /** The whole value must match; null for any. */
  pattern: z.nullable(z.string()),
  description: z.string(),
});
/** A value its author declared. */
export type RunbookParam = z.infer<typeof runbookParamSchema>;

const MAX_PATTERN_LENGTH = 200;
/** So short a value and so few ways to match it cannot keep a matcher busy: under 0.5 s at worst, measured. */
const MAX_MATCHED_LENGTH = 100;
const MAX_REPETITIONS = 4;
/** What is left for choices and optional parts, each of which doubles the ways; a repetition costs three of them. */
const MAX_WAYS = 14;

const SHAPES: Partial<Record<RunbookParam["type"], [shape: RegExp, problem: string]>> = {
  int: [/^-?\d{1,15}$/, "must be a whole number"],
  bool: [/^(?:true|false)$/, "must be true or false"],
  sha: [/^[0-9a-fA-F]{7,64}$/, "must be 7 to 64 hexadecimal digits"],
  duration: [/^\d{1,9}(?:ms|s|m|min|h|d|w)$/, "must be a duration, such as 30s, 10m or 2h"],
  url: [/^https?:\/\/[^\s/]+(?:\/\S*)?$/, "must be an http or https address"],
};

/**
 * What a reader is asked for when a run starts, in the order of the text; what was only declared comes last. Secrets are
 * left out: their names stay in the commands, to be filled in where they are pasted.
 */
export function askedValues(placeholders: readonly string[], params: readonly RunbookParam[]): RunbookParam[] {
  const secrets = new Set(params.flatMap(({ name, type }) => (type === "secret" ? [toValueKey(name)] : [])));
  const declared = new Map(params.map((param) => [toValueKey(param.name), param]));
  const asked = placeholders.map((name): RunbookParam => ({ ...(declared.get(toValueKey(name)) ?? UNDECLARED), name }));
  const seen = new Set(placeholders.map(toValueKey));
  const all = [...asked, ...params.filter(({ name }) => !seen.has(toValueKey(name)))];
  return all.filter(({ name }) => !secrets.has(toValueKey(name)));
}

const UNDECLARED = {
  type: "string",
  isRequired: false,
  default: "",
  options: [],
  pattern: null,
  description: "",
} as const satisfies Omit<RunbookParam, "name">;

/** Why a value is not what its author asked for; undefined when it is. Every value is one line that can be seen. */
export function findValueProblem(param: RunbookParam, value: string): string | undefined {
  if (value === "") return param.isRequired ? "is needed" : undefined;
  const unseen = findUnseen(value);
  if (unseen !== undefined) return unseen;
  if (param.type === "enum" && !param.options.includes(value)) return `must be one of: ${param.options.join(", ")}`;
  const [shape, problem] = SHAPES[param.type] ?? [];
  if (shape !== undefined && !shape.test(value)) return problem;
  if (param.pattern === null) return undefined;
  if (value.length > MAX_MATCHED_LENGTH) return `must be no longer than ${MAX_MATCHED_LENGTH} characters`;
  return new RegExp(`^(?:${param.pattern})$`, "u").test(value) ? undefined : `must match ${param.pattern}`;
}

/**
 * Why a pattern cannot be used; undefined when it can. Patterns come with a runbook, so that one that could take
 * exponential time is refused: no looking around or back, no repeated group with a choice or a repetition in it, few
 * repetitions and choices.
 */
export function findPatternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return `is longer than ${MAX_PATTERN_LENGTH} characters`;
  try {
    new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return "is not a regular expression";
  }
  if (/\\[1-9k]|\(\?[^:]/.test(pattern.replace(/\\\\/g, ""))) return "must not look around or back";
  const shape = pattern.replace(/\\(?:[pPu]\{[^}]*\}|.)/gu, "x").replace(/\[[^\]]*\]/g, "x");
  const withoutPlainGroups = shape.replace(/\((?:\?:)?[^()|*+?{}]*\)/g, "x");
  if (/\)[*+{]/.test(withoutPlainGroups)) return "must not repeat a group that has a choice or a repetition in it";
  const repetitions = (shape.match(/[*+{]/g) ?? []).length;
  const choices = (shape.replaceAll("(?:", "(").match(/[?|]/g) ?? []).length;
  if (repetitions > MAX_REPETITIONS) return `must not have more than ${MAX_REPETITIONS} repetitions`;
  if (repetitions * 3 + choices > MAX_WAYS) return "has too many choices and repetitions; options may say it better";
  return undefined;
}

/** `<trace-id>`, `<TRACE_ID>` and `<trace id>` ask for one value. */
export function toValueKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "");
}
