import { setTimeout as sleep } from "node:timers/promises";
import { type S3MigrationSnapshot, s3MigrationSnapshotSchema } from "@/features/s3-migrations/contract";
import { AppError } from "@/lib/errors";
import { toProgressBar } from "./progress-bar";
import { readEvents } from "./read-events";
import { toProgressLine } from "./s3-migration-view";

const RECONNECT_MS = 1000;
/** Nothing moves from here without a person. */
const ENDS = new Set<S3MigrationSnapshot["state"]>([
  "verified",
  "cancelled",
  "failed",
  "auto_stopped",
  "cutover",
  "soaking",
  "retired",
]);

/** Prints every snapshot of an event stream until the migration ends; reconnects while the console restarts. */
export async function watchS3Migration(path: string, isJson: boolean): Promise<S3MigrationSnapshot> {
  let last: S3MigrationSnapshot | undefined;
  while (last === undefined || !ENDS.has(last.state)) {
    if (last !== undefined) await sleep(RECONNECT_MS);
    last = await printUntilBroken(path, isJson, last);
  }
  if (!isJson && process.stdout.isTTY) process.stdout.write("\n");
  return last;
}

/** The last snapshot of one connection. A console that never answered is an error; one that went away is waited for. */
async function printUntilBroken(
  path: string,
  isJson: boolean,
  before: S3MigrationSnapshot | undefined,
): Promise<S3MigrationSnapshot | undefined> {
  let last = before;
  try {
    for await (const { name, data } of readEvents(path)) {
      if (name !== "snapshot") continue;
      const snapshot = s3MigrationSnapshotSchema.parse(data);
      last = snapshot;
      show(snapshot, isJson);
      if (ENDS.has(snapshot.state)) break;
    }
  } catch (error) {
    const isRefusal = error instanceof AppError && error.code !== "unavailable";
    if (last === undefined || isRefusal) throw error;
  }
  return last;
}

function show(snapshot: S3MigrationSnapshot, isJson: boolean): void {
  if (isJson) process.stdout.write(`${JSON.stringify(snapshot)}\n`);
  else if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${toProgressBar(snapshot, process.stdout.columns)}`);
  else process.stdout.write(`${toProgressLine(snapshot)}\n`);
}
