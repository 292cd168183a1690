import * as z from "zod/mini";

export const PROBLEM_SEVERITIES = ["error", "warning"] as const;

/**
 * Something a runbook's author should look at. A problem never hides a step and never settles one.
 * Codes: 1xx metadata and file, 2xx steps, 4xx placeholders, 5xx links, 6xx dialect; E is wrong, W is doubtful.
 */
export const problemSchema = z.object({
  code: z.string().check(z.regex(/^[EW]\d{3}$/)),
  severity: z.enum(PROBLEM_SEVERITIES),
  /** Line in the file, from 1. */
  line: z.number().check(z.int(), z.minimum(1)),
  /** Character in that line, from 1; 1 where the whole line is meant. */
  column: z._default(z.number().check(z.int(), z.minimum(1)), 1),
  /** What is wrong and how to put it right, one sentence or two. */
  message: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** A spot in a file, both from 1. */
export type Place = Pick<Problem, "line" | "column">;

/** A problem whose severity follows from its code; `at` is a spot, or a line as a whole. */
export function problem(code: `${"E" | "W"}${number}`, at: Place | number, message: string): Problem {
  const { line, column } = typeof at === "number" ? { line: at, column: 1 } : at;
  return { code, severity: code.startsWith("E") ? "error" : "warning", line, column, message };
}

/** By place, errors before warnings on the same line. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.code.localeCompare(b.code) || a.column - b.column);
}
