import { prisma } from "@/server/db/prisma";
import type { ActivityEvent, ActivityQuery } from "../contract";

/** Audit rows older than `before`, newest first, at most `limit`. */
export async function listActivityEvents({ before, limit }: ActivityQuery): Promise<ActivityEvent[]> {
  const rows = await prisma().auditEvent.findMany({
    select: { id: true, at: true, actor: true, action: true, subject: true, detail: true },
    ...(before === undefined ? {} : { where: { id: { lt: before } } }),
    orderBy: { id: "desc" },
    take: limit,
  });
  return rows.map(({ id, at, detail, ...row }) => ({
    ...row,
    id: Number(id),
    at: at.toISOString(),
    detail: isRecord(detail) ? detail : {},
  }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
