import type { Html } from "mdast";
import { commentMarker } from "mdast-comment-marker";
import * as z from "zod/mini";
import { parseDuration } from "../duration";
import { findExpressionProblem } from "./expression";
import { EVIDENCE_KINDS, SKIP_RULES, type StepRules } from "./step-rules";

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const NAME = /^[A-Za-z][\w -]{0,59}$/;

const text = z.pipe(z.union([z.string(), z.number()]), z.transform(String));
const id = z.pipe(
  text,
  z.string().check(z.regex(ID, { error: "is 1 to 64 of a to z, digits, - and _, as in id=take-lock" })),
);
const role = z.pipe(text, z.string().check(z.regex(NAME, { error: "is the name of a role, as in role=driver" })));
const flag = z.literal(true, { error: "is written alone, without a value" });
const duration = z.pipe(
  text,
  z.pipe(
    z
      .string()
      .check(z.refine((value) => parseDuration(value) !== undefined, { error: "is a duration, as in 10m or 2h" })),
    z.transform((value: string) => parseDuration(value) ?? 1),
  ),
);
const condition = z.string({ error: "is an expression in quotes" }).check(
  z.refine((value: string) => findExpressionProblem("condition", value) === undefined, {
    error: ({ input }) => findExpressionProblem("condition", String(input)) ?? "",
  }),
);
const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `is one of ${values.join(", ")}` });

const commentSchema = z.strictObject({
  id: z.optional(id),
  role: z.optional(role),
  approve: z.optional(role),
  if: z.optional(condition),
  choose: z.optional(oneOf(["one", "any"])),
  wait: z.optional(duration),
  within: z.optional(duration),
  evidence: z.optional(oneOf(EVIDENCE_KINDS)),
  confirm: z.optional(
    z.pipe(text, z.string().check(z.minLength(1), z.maxLength(200, { error: "is longer than 200 characters" }))),
  ),
  optional: z.optional(flag),
  skip: z.optional(oneOf(SKIP_RULES)),
  runbook: z.optional(
    z
      .string({ error: "is the path of a runbook" })
      .check(z.minLength(1), z.maxLength(500), z.regex(/\.md$/i, { error: "is the path of a .md file" })),
  ),
  "point-of-no-return": z.optional(flag),
  undoes: z.optional(id),
});
const KEYS = Object.keys(commentSchema.shape);
/** Keys whose loss would make a step easier to settle than its author wanted. */
const GUARDS = /\b(?:approve|if|confirm|evidence|wait)\s*=|\bskip\s*=\s*["']?never/;

export type StepComment =
  | { kind: "none" }
  | { kind: "rules"; rules: StepRules }
  | { kind: "wrong"; reason: string; rules: StepRules };

/**
 * What a comment says of its step. A comment that is not `<!-- step key=value … -->` with a key we know is between
 * people and says nothing. A wrong one is set aside whole; had it guarded the step, a person decides in words.
 */
export function readStepComment(node: Html): StepComment {
  if (!/^<!--\s*step\s/.test(node.value)) return { kind: "none" };
  const marker = commentMarker(node);
  if (marker === undefined || marker === null) {
    return KEYS.some((key) => new RegExp(`\\s${key}\\s*=`).test(node.value))
      ? wrong(node, "it is no list of key=value with closed quotes")
      : { kind: "none" };
  }
  const given = Object.keys(marker.parameters);
  const isOurs = given.some((key) => KEYS.includes(key) && marker.parameters[key] !== true);
  if (!isOurs && !given.every((key) => KEYS.includes(key))) return { kind: "none" };
  const twice = given.find((key) => countKey(node.value, key) > 1);
  if (twice !== undefined) return wrong(node, `${twice} is given twice`);
  const parsed = commentSchema.safeParse(marker.parameters);
  if (parsed.success) return { kind: "rules", rules: toRules(parsed.data) };
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    return wrong(node, `there is no ${issue.keys.join(", ")}; known are ${KEYS.join(", ")}`);
  }
  return wrong(node, `${issue?.path.join(".") ?? "it"} ${issue?.message ?? "is not valid"}`);
}

function toRules(given: z.output<typeof commentSchema>): StepRules {
  const all = {
    key: given.id,
    role: given.role,
    approve: given.approve,
    condition: given.if,
    choose: given.choose,
    waitMs: given.wait,
    withinMs: given.within,
    evidence: given.evidence,
    confirm: given.confirm,
    isOptional: given.optional,
    skip: given.skip,
    runbook: given.runbook,
    isPointOfNoReturn: given["point-of-no-return"],
    undoes: given.undoes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function wrong(node: Html, reason: string): StepComment {
  return { kind: "wrong", reason, rules: GUARDS.test(node.value) ? { mustDecide: true } : {} };
}

/** How often a key stands outside quotes. */
function countKey(comment: string, key: string): number {
  const bare = comment.replace(/"[^"]*"|'[^']*'/g, "''");
  return bare.match(new RegExp(`\\s${key}(?=[=\\s])`, "g"))?.length ?? 0;
}
