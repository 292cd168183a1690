import type * as z from "zod/mini";

/** What is wrong with a form, by dotted field as the server names it too ("destination.bucket"). Empty: nothing. */
export function fieldProblems(error: z.core.$ZodError | undefined): ReadonlyMap<string, string> {
  return new Map((error?.issues ?? []).map((issue) => [issue.path.join("."), textOf(issue)]));
}

/** An empty field is not wrong yet: it is to be filled in. */
const textOf = (issue: z.core.$ZodIssue): string =>
  issue.code === "too_small" && issue.origin === "string" ? "Fill this in." : issue.message;
