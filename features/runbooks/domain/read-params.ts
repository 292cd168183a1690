import * as z from "zod/mini";
import { findPatternProblem, findValueProblem, PARAM_TYPES, type RunbookParam, toValueKey } from "./params";
import { type Place, type Problem, problem } from "./problem";

const MAX_PARAMS = 50;
const NAME = /^[A-Za-z][A-Za-z0-9 _-]{0,59}$/;

const scalar = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform((value) => String(value).trim()),
);
const entrySchema = z.strictObject({
  type: z.optional(z.enum(PARAM_TYPES)),
  required: z._default(z.boolean(), true),
  default: z.optional(scalar),
  options: z.optional(z.array(scalar).check(z.minLength(1), z.maxLength(50))),
  pattern: z.optional(z.string().check(z.minLength(1))),
  description: z._default(z.string().check(z.trim(), z.maxLength(300)), ""),
  env: z.optional(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/))),
  placeholder: z.optional(z.string().check(z.maxLength(100))),
});

const FIELDS = "type, required, default, options, pattern, description, env and placeholder";

/**
 * Reads `params:` of a front matter: `env: { type: enum, options: [staging, production] }`, or `commit: sha` for a type
 * alone. A wrong entry costs that entry only, with a problem: its value is then asked for without a rule.
 */
export function readParams(
  value: unknown,
  placeOf: (name: string) => Place,
): { params: RunbookParam[]; problems: Problem[] } {
  const params: RunbookParam[] = [];
  const problems: Problem[] = [];
  const entries = z.record(z.string(), z.unknown()).safeParse(value);
  if (!entries.success) {
    return { params, problems: [problem("E401", 2, "params: write a list of `name: { type: … }`.")] };
  }
  const seen = new Set<string>();
  for (const [name, entry] of Object.entries(entries.data).slice(0, MAX_PARAMS)) {
    const found = seen.has(toValueKey(name)) ? "is declared twice" : readParam(name, entry);
    seen.add(toValueKey(name));
    if (typeof found === "string") problems.push(problem("E401", placeOf(name), `params, ${name}: ${found}.`));
    else params.push(found);
  }
  return { params, problems };
}

function readParam(name: string, entry: unknown): RunbookParam | string {
  if (!NAME.test(name)) return "a name has letters, digits, spaces, - and _, 60 at most";
  const shape = typeof entry === "string" ? { type: entry } : (entry ?? {});
  const parsed = entrySchema.safeParse(shape);
  if (!parsed.success) return tellIssue(parsed.error.issues[0]);
  const { type, required, default: preset = "", options = [], pattern = null, description } = parsed.data;
  const kind = type ?? (options.length > 0 ? "enum" : "string");
  const param = { name, type: kind, isRequired: required, default: preset, options, pattern, description };
  if (kind === "secret" && preset !== "") return "a secret has no default: nobody may read it here";
  if ((kind === "enum") !== options.length > 0) return "an enum needs options, and nothing else has any";
  const patternProblem = pattern === null ? undefined : findPatternProblem(pattern);
  if (patternProblem !== undefined) return `its pattern ${patternProblem}`;
  const presetProblem = preset === "" ? undefined : findValueProblem(param, preset);
  return presetProblem === undefined ? param : `its default ${presetProblem}`;
}

function tellIssue(issue: z.core.$ZodIssue | undefined): string {
  const field = issue?.path.join(".") ?? "";
  if (field === "type") return `type is one of ${PARAM_TYPES.join(", ")}`;
  if (issue?.code === "unrecognized_keys") return `there is no ${issue.keys.join(", ")}; known are ${FIELDS}`;
  return field === ""
    ? `write { type: … } with any of ${FIELDS}`
    : `${field} is not of the right kind, empty or too long`;
}
