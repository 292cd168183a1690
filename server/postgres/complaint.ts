/** What initdb says while it tidies up after the failure, and what only repeats that there was one. */
const CONSEQUENCES = [
  /^initdb: (?:removing|data directory .* not removed)/,
  /^child process exited with exit code/,
  /^(?:LOG|DETAIL|HINT|CONTEXT|STATEMENT):/,
  /database system is shut down$/,
];
const CAUSES = /\b(?:FATAL|PANIC|ERROR)\b|^initdb: error:/;

/**
 * The line of stderr that says why Postgres or initdb gave up: its first fatal one, else the last that is not tidying.
 * Both run under LC_ALL=C, so their words do not depend on the machine; there is no code beside them.
 */
export function causeIn(stderr: string): string {
  const lines = linesOf(stderr).filter((line) => !CONSEQUENCES.some((pattern) => pattern.test(line)));
  return lines.find((line) => CAUSES.test(line)) ?? lines.at(-1) ?? linesOf(stderr).at(-1) ?? "no reason given";
}

/** Whether it gave up for want of room on the disk. */
export function isDiskFullComplaint(stderr: string): boolean {
  return /no space left|disk quota exceeded/i.test(stderr);
}

/** Lines without the time and process that the server's own log puts before them. */
function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] /, "").trim())
    .filter((line) => line !== "");
}
