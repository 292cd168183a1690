import { prisma } from "@/server/db/prisma";

export type UploadedFile = {
  id: string;
  /** Gzip of the JSON. */
  body: Uint8Array<ArrayBuffer>;
  sizeBytes: number;
  fileName: string;
  uploadedBy: string;
  uploadedAt: Date;
  expiresAt: Date;
};
export type UploadedTraceRef = { id: string; traceId: string };

/** Keeps a file and its traces, and the record of who did it, in one transaction. The same file again lives longer. */
export async function saveUploadedFile(file: UploadedFile, traces: readonly UploadedTraceRef[]): Promise<void> {
  const { id, expiresAt, uploadedAt, uploadedBy, fileName } = file;
  await prisma().$transaction([
    prisma().uploadedTraceFile.deleteMany({ where: { expiresAt: { lt: uploadedAt } } }),
    prisma().uploadedTraceFile.upsert({
      where: { id },
      create: file,
      update: { expiresAt, uploadedAt, uploadedBy, fileName },
      select: { id: true },
    }),
    prisma().uploadedTrace.createMany({
      data: traces.map((trace) => ({ ...trace, fileId: id })),
      skipDuplicates: true,
    }),
    prisma().auditEvent.create({
      data: {
        actor: uploadedBy,
        action: "traces.upload",
        subject: id,
        detail: { fileName, traceIds: traces.slice(0, 20).map(({ traceId }) => traceId), traceCount: traces.length },
      },
      select: { id: true },
    }),
  ]);
}

/** The file a trace was uploaded in and the trace's own id; undefined when there is none, or it has expired. */
export async function findUploadedTrace(
  id: string,
  now: Date,
): Promise<{ traceId: string; file: UploadedFile } | undefined> {
  const row = await prisma().uploadedTrace.findFirst({
    where: { id, file: { expiresAt: { gt: now } } },
    select: {
      traceId: true,
      file: {
        select: {
          id: true,
          body: true,
          sizeBytes: true,
          fileName: true,
          uploadedBy: true,
          uploadedAt: true,
          expiresAt: true,
        },
      },
    },
  });
  return row ?? undefined;
}
