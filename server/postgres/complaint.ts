/** What initdb says while it tidies up after the failure, and what only repeats that there was one. */
const CONSEQUENCES = [
  /^initdb: (?:removing|data directory .* not removed)/,
  /^child process exited with exit code/,
  /^(?:LOG|DETAIL|HINT|CONTEXT|STATEMENT):/,
  /database system is shut down$/,
];
/** Time, process and SQLSTATE, as the server is told to write them; initdb leaves the last out. */
export const LOG_LINE_PREFIX = "%m [%p] %e ";
const PREFIX = /^\d{4}-\d\d-\d\d \S+ \S+ \[\d+\] (?:([0-9A-Z]{5}) )?/;
const DISK_FULL = "53100";
const CAUSES = /\b(?:FATAL|PANIC|ERROR)\b|^initdb: error:/;

/**
 * The line of stderr that says why Postgres or initdb gave up: its first fatal one, else the last that is not tidying.
 * Both run under LC_ALL=C, so their words do not depend on the machine; there is no code beside them.
 */
export function causeIn(stderr: string): string {
  const lines = linesOf(stderr).filter((line) => !CONSEQUENCES.some((pattern) => pattern.test(line)));
  return lines.find((line) => CAUSES.test(line)) ?? lines.at(-1) ?? linesOf(stderr).at(-1) ?? "no reason given";
}

/**
 * Whether it gave up for want of room on the disk. A server that stands says so by SQLSTATE; initdb has no codes, and a
 * spent quota none of its own, so there the words of the C library are all there is.
 */
export function isDiskFullComplaint(stderr: string): boolean {
  if (stderr.split("\n").some((line) => PREFIX.exec(line)?.[1] === DISK_FULL)) return true;
  return /: (?:No space left on device|Disk quota exceeded)$/m.test(stderr);
}

/** Lines without what the server's own log puts before them. */
function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(PREFIX, "").trim())
    .filter((line) => line !== "");
}
