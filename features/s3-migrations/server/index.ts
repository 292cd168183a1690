import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { liveSnapshots } from "@/server/realtime/live-snapshots";
import {
  type CreateS3Migration,
  createS3MigrationSchema,
  type S3Command,
  type S3MigrationSnapshot,
  s3CommandSchema,
} from "../contract";
import { FINAL_STATES } from "../domain/states";
import { saveCommand } from "./command-repository";
import { deleteMigration, getSnapshot, saveMigration, topicOf } from "./migration-repository";

export { listChunkBuckets as listS3Chunks, listFailures as listS3Failures } from "./failure-repository";
export { getDetail as getS3Migration, listSnapshots as listS3Migrations } from "./migration-repository";
export { getObject as getS3Object } from "./object-detail-repository";
export { listObjects as listS3Objects } from "./object-repository";
export { listOrphans as listS3Orphans } from "./phase-repository";
export { getPlan as getS3Plan } from "./plan-repository";
export { askPreflight as preflightS3Migration } from "./preflight-repository";
export { writeReferenceSql as writeS3References } from "./reference-repository";
export { s3EngineTask } from "./s3-engine-task";
export { tryS3Credentials } from "./stores/try-credentials";

type Actor = { name: string };

/** Creates a migration; workers list and plan it at once, and copy at once when `start` is set. */
export async function createS3Migration(
  input: CreateS3Migration,
  viewer: Actor,
  { isSample = false }: { isSample?: boolean } = {},
): Promise<S3MigrationSnapshot> {
  const plan = createS3MigrationSchema.parse(input);
  return getSnapshot(await saveMigration({ ...plan, isSample, actor: viewer.name }));
}

/** Appends a command; `conflict` when stale or meaningless now. Answers with the state after it. */
export async function sendCommand(
  id: string,
  command: Omit<S3Command, "idempotencyKey"> & { idempotencyKey?: string },
  viewer: Actor,
): Promise<S3MigrationSnapshot> {
  const parsed: z.output<typeof s3CommandSchema> = s3CommandSchema.parse({ idempotencyKey: randomUUID(), ...command });
  await saveCommand({ ...parsed, id, actor: viewer.name });
  return getSnapshot(id);
}

/** Forgets a migration and all its rows (the removal of sample data); objects at the destination stay. */
export async function deleteS3Migration(id: string, viewer: Actor): Promise<boolean> {
  return deleteMigration(id, viewer.name);
}

/** The snapshot now, and each newer one as it happens. */
export async function watchS3Migration(id: string, options: { lastEventId: string | undefined; signal: AbortSignal }) {
  await getSnapshot(id);
  return liveSnapshots({
    topic: topicOf(id),
    load: () => getSnapshot(id),
    versionOf: (snapshot) => snapshot.version,
    isFinal: (snapshot) => FINAL_STATES.has(snapshot.state),
    ...options,
  });
}
