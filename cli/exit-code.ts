import { AppError } from "@/lib/errors";

/** A wrong option or argument. */
export const USAGE = 2;
const NO_CONSOLE = 3;
const REFUSED = 1;

/** Commands for scripts: they ask a running console, or check files. The others are a console, or what it needs. */
const SCRIPTED: readonly (string | undefined)[] = [
  "traces",
  "s3",
  "s3-migration",
  "token",
  "runbooks",
  "audit",
  "admin-code",
];

/**
 * What a command ends with: 2 for a wrong option or argument, 3 where no console answers, 1 for anything else. What runs
 * the console itself ends with 1, whatever it was that did not work.
 */
export function exitCodeOf(error: unknown, command: string | undefined): number {
  if (!(error instanceof AppError) || !SCRIPTED.includes(command)) return REFUSED;
  if (error.code === "invalid_input") return USAGE;
  return error.code === "unavailable" ? NO_CONSOLE : REFUSED;
}
