import * as z from "zod/mini";
import type { FrontMatter } from "./front-matter";
import { RISKS } from "./front-matter-fields";
import { type Problem, problem } from "./problem";

/** What a runbook's author asks of whoever starts it and looks after it. */
export const runbookCareSchema = z.object({
  /** `high` where the front matter could not be read: what it asked for is not known. */
  risk: z._default(z.enum(RISKS), "low"),
  isUnread: z._default(z.boolean(), false),
  order: z._default(z.enum(["free", "strict"]), "free"),
  concurrency: z._default(z.enum(["many", "one"]), "many"),
  expectedMs: z._default(z.nullable(z.number()), null),
  /** How long it counts as fresh after somebody proved it; null for the usual time. */
  reviewInMs: z._default(z.nullable(z.number()), null),
  reviewedAtMs: z._default(z.nullable(z.number()), null),
  drill: z._default(z.nullable(z.object({ everyMs: z.number(), environment: z.nullable(z.string()) })), null),
  /** The labels an alert must have beside its name, where its author gave any. */
  alertMatches: z._default(z.array(z.object({ name: z.string(), match: z.record(z.string(), z.string()) })), []),
});
export type RunbookCare = z.infer<typeof runbookCareSchema>;

/** Front matter that nobody could read asks for the most care: what it said may have been that. */
export function careOf(meta: FrontMatter, isUnread: boolean): RunbookCare {
  return {
    risk: isUnread ? "high" : (meta.risk ?? "low"),
    isUnread,
    order: meta.order ?? "free",
    concurrency: meta.concurrency ?? "many",
    expectedMs: meta.expected ?? null,
    reviewInMs: meta.review_in ?? null,
    reviewedAtMs: meta.reviewed ?? null,
    drill: meta.drill === undefined ? null : { everyMs: meta.drill.every, environment: meta.drill.environment ?? null },
    alertMatches: (meta.alerts ?? []).filter(({ match }) => Object.keys(match).length > 0),
  };
}

/** What a start must be confirmed for, as a sentence; undefined for an ordinary one. */
export function cautionToStart({ risk, isUnread }: Pick<RunbookCare, "risk" | "isUnread">): string | undefined {
  if (isUnread) return "Its front matter could not be read, so what it asks for is not known.";
  return risk === "high" ? "Its author marks it as high risk." : undefined;
}

/** Fields that make sense only together. */
export function lintCare(meta: FrontMatter, lineOf: (name: "drill") => number): Problem[] {
  if (meta.drill === undefined || meta.risk !== "high" || meta.drill.environment !== undefined) return [];
  const message = "A drill of a runbook with high risk needs an environment: add one, such as environment: staging.";
  return [problem("W109", lineOf("drill"), message)];
}
