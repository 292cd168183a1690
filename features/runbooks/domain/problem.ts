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
  /** What is wrong and how to put it right, one sentence or two. */
  message: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** A problem whose severity follows from its code. */
export function problem(code: `${"E" | "W"}${number}`, line: number, message: string): Problem {
  return { code, severity: code.startsWith("E") ? "error" : "warning", line, message };
}

/** By line, errors before warnings on the same line. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.code.localeCompare(b.code));
}
