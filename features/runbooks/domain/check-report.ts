import type { Problem } from "./problem";

export const CHECK_FORMATS = ["text", "github", "json"] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** Problems of files; paths as the reader is to see them. */
export type CheckedFile = { path: string; problems: readonly Problem[] };

/** How many problems of each severity there are. */
export function countProblems(files: readonly CheckedFile[]): { errors: number; warnings: number } {
  const problems = files.flatMap((file) => file.problems);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: problems.length - errors };
}

/** One line a problem, as compilers write it, so that editors and terminals find the place; the sum last. */
export function toCheckText(files: readonly CheckedFile[]): string {
  const lines = files.flatMap(({ path, problems }) =>
    problems.map(
      ({ line, column, severity, code, message }) => `${path}:${line}:${column}: ${severity} ${code} ${message}`,
    ),
  );
  return [...lines, sentenceOf(files)].join("\n");
}

/**
 * Workflow commands of GitHub Actions: each problem becomes an annotation at its line of the change.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function toGitHubAnnotations(files: readonly CheckedFile[]): string {
  const lines = files.flatMap(({ path, problems }) =>
    problems.map(({ line, column, severity, code, message }) => {
      const at = `file=${escapeProperty(path)},line=${line},col=${column},title=${escapeProperty(code)}`;
      return `::${severity} ${at}::${escapeData(message)}`;
    }),
  );
  return [...lines, sentenceOf(files)].join("\n");
}

function sentenceOf(files: readonly CheckedFile[]): string {
  const { errors, warnings } = countProblems(files);
  const read = counted(files.length, "runbook");
  return errors + warnings === 0
    ? `${read}, no problems.`
    : `${read}, ${counted(errors, "error")}, ${counted(warnings, "warning")}.`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** A message may hold what an author wrote: a line break in it must not begin a command of its own. */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
