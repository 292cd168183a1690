import type { z } from "zod";
import { AppError } from "@/lib/errors";
import type { Job } from "./authenticate-job";
import { applyBatch } from "./batch-repository";
import { readReport, withRoom } from "./read-report";
import {
  type batchReplySchema,
  batchSchema,
  type completeReplySchema,
  completeSchema,
  createReportedSchema,
  type heartbeatReplySchema,
  heartbeatSchema,
  MAX_ITEMS,
  openStreamSchema,
  reportedReplySchema,
  type streamReplySchema,
} from "./report-schemas";
import { countsOf, putReported, type ReportedRow } from "./reported-repository";
import { completeReport, getStream, heartbeat, openStream, type Stream } from "./stream-repository";

/** Every answer tells the job what people want of it now. */
const told = ({ desired, now }: ReportedRow) => ({ desired_state: desired, server_time: now.toISOString() });

/** 201 when it was made, 200 when it was there. */
export async function answerPut(request: Request, job: Job): Promise<Response> {
  const { row, isNew } = await putReported(job.externalRef, await readReport(request, createReportedSchema), job.name);
  const body = reportedReplySchema.parse({
    id: row.id,
    external_ref: job.externalRef,
    mode: "reported",
    state: row.state,
    declared: { objects: row.declaredObjects, bytes: row.declaredBytes },
    ...told(row),
  });
  return Response.json(body, { status: isNew ? 201 : 200, headers: { "cache-control": "no-store" } });
}

type StreamReply = z.input<typeof streamReplySchema>;

export async function answerOpen(request: Request, job: Job): Promise<StreamReply> {
  const { writer } = await readReport(request, openStreamSchema);
  return toStreamReply(await openStream(job.externalRef, writer));
}

export const answerStream = async (id: string, job: Job): Promise<StreamReply> =>
  toStreamReply(await getStream(job.externalRef, id));

const toStreamReply = ({ row, stream }: { row: ReportedRow; stream: Stream }): StreamReply => ({
  stream: stream.id,
  writer: stream.writer,
  epoch: stream.epoch,
  next_seq: stream.nextSeq,
  counts: countsOf(row),
  key_digest: row.keyDigest.toString("hex"),
  ...told(row),
});

/** A batch is read and applied whole while there is room for it. */
export function answerBatch(request: Request, streamId: string, job: Job): Promise<z.input<typeof batchReplySchema>> {
  return withRoom(async () => {
    const batch = await readReport(request, batchSchema);
    if (batch.items.length > MAX_ITEMS) {
      throw new AppError("payload_too_large", `A batch has at most ${MAX_ITEMS} items.`);
    }
    const { row, applied, duplicate, nextSeq } = await applyBatch({
      ref: job.externalRef,
      streamId,
      batch,
      mayReset: job.mayReset,
    });
    return { applied, duplicate, next_seq: nextSeq, ...told(row) };
  });
}

export async function answerHeartbeat(request: Request, job: Job): Promise<z.input<typeof heartbeatReplySchema>> {
  const { row, stream } = await heartbeat(job.externalRef, await readReport(request, heartbeatSchema));
  return { next_seq: stream.nextSeq, ...told(row) };
}

export async function answerComplete(request: Request, job: Job): Promise<z.input<typeof completeReplySchema>> {
  const { row, counts } = await completeReport(job.externalRef, await readReport(request, completeSchema));
  return { state: "reported", counts, ...told(row) };
}
