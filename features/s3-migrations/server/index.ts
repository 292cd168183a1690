import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { liveSnapshots } from "@/server/realtime/live-snapshots";
import {
  type CreateS3Migration,
  type CreateToken,
  createS3MigrationSchema,
  createTokenSchema,
  type S3Command,
  type S3MigrationSnapshot,
  s3CommandSchema,
  type WatchTask,
  watchTaskSchema,
} from "../contract";
import { FINAL_STATES } from "../domain/states";
import { saveCommand } from "./command-repository";
import { deleteMigration, getSnapshot, saveMigration, topicOf } from "./migration-repository";
import { putWatched } from "./reporter/reported-repository";
import { createToken } from "./reporter/token-repository";

export { hasS3Migration } from "./existence-repository";
export { listChunkBuckets as listS3Chunks, listFailures as listS3Failures } from "./failure-repository";
export { listFindings as listS3Findings } from "./finding-repository";
export { getDetail as getS3Migration, listSnapshots as listS3Migrations } from "./migration-repository";
export { getObject as getS3Object } from "./object-detail-repository";
export { listObjects as listS3Objects } from "./object-repository";
export { listOpenUploads as listS3Uploads } from "./open-upload-repository";
export { listOrphans as listS3Orphans } from "./phase-repository";
export { getPlan as getS3Plan } from "./plan-repository";
export { askPreflight as preflightS3Migration } from "./preflight-repository";
export { writeReferenceSql as writeS3References } from "./reference-repository";
export { answerReport as answerS3Report, readManifestKey } from "./report/answer-report";
export { authenticateJob, jobOf } from "./reporter/authenticate-job";
export {
  answerBatch,
  answerComplete,
  answerHeartbeat,
  answerOpen,
  answerPut,
  answerStream,
} from "./reporter/report-answers";
export {
  batchDocumentSchema,
  batchReplySchema,
  completeReplySchema,
  completeSchema,
  createReportedSchema,
  heartbeatReplySchema,
  heartbeatSchema,
  openStreamSchema,
  reportedReplySchema,
  reportParamsSchema,
  streamParamsSchema,
  streamReplySchema,
} from "./reporter/report-schemas";
export { listTokens as listReportTokens, revokeToken as revokeReportToken } from "./reporter/token-repository";
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

/** A token for the job that reports a migration; told this once. */
export async function createReportToken(input: CreateToken, viewer: Actor) {
  return createToken(createTokenSchema.parse(input), viewer.name);
}

/** Shows what the gem maintenance_tasks says of a task, as the word of another program. */
export async function watchTask(input: WatchTask, viewer: Actor): Promise<S3MigrationSnapshot> {
  return getSnapshot(await putWatched(watchTaskSchema.parse(input), viewer.name));
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
