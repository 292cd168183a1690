import { prisma } from "@/server/db/prisma";
import type { ActivityEvent, ActivityFilter, ActivityQuery } from "../contract";

const EXPORT_ROWS = 1000;
const SELECT = { id: true, at: true, actor: true, action: true, subject: true, detail: true, hash: true } as const;

/** Audit rows older than `before`, newest first, at most `limit`. */
export async function listActivityEvents({ before, limit, ...filter }: ActivityQuery): Promise<ActivityEvent[]> {
  const rows = await prisma().auditEvent.findMany({
    select: SELECT,
    where: { ...whereOf(filter), ...(before === undefined ? {} : { id: { lt: before } }) },
    orderBy: { id: "desc" },
    take: limit,
  });
  return rows.map(toEvent);
}

/** All audit rows that the filter lets through, oldest first, a thousand at a time. */
export async function* readActivityEvents(filter: ActivityFilter): AsyncGenerator<ActivityEvent[]> {
  for (let after = 0; ; ) {
    const rows = await prisma().auditEvent.findMany({
      select: SELECT,
      where: { ...whereOf(filter), id: { gt: after } },
      orderBy: { id: "asc" },
      take: EXPORT_ROWS,
    });
    if (rows.length > 0) yield rows.map(toEvent);
    if (rows.length < EXPORT_ROWS) return;
    after = Number(rows.at(-1)?.id);
  }
}

const whereOf = ({ actor, kind, subject }: ActivityFilter) => ({
  ...(actor === undefined ? {} : { actor }),
  ...(kind === undefined ? {} : { action: { startsWith: `${kind}.` } }),
  ...(subject === undefined ? {} : { subject }),
});

type Row = {
  id: bigint;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
  hash: Uint8Array;
};

const toEvent = ({ id, at, detail, hash, ...row }: Row): ActivityEvent => ({
  ...row,
  id: Number(id),
  at: at.toISOString(),
  detail: isRecord(detail) ? detail : {},
  hash: Buffer.from(hash).toString("hex"),
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
