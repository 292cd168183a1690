import { AppError } from "@/lib/errors";

/** A wrong option or argument. */
export const USAGE = 2;
const NO_CONSOLE = 3;
const REFUSED = 1;

/** What a command ends with: 2 for a wrong option or argument, 3 where no console answers, 1 for anything else. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return REFUSED;
  if (error.code === "invalid_input") return USAGE;
  return error.code === "unavailable" ? NO_CONSOLE : REFUSED;
}
