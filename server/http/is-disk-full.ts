import { codeOf } from "@/lib/errors";

const DISK_FULL = "53100";

/** Whether the database refused to write because its disk is full, said by the error itself or by a cause of it. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === DISK_FULL || (error instanceof Error && isDiskFull(error.cause));
}
