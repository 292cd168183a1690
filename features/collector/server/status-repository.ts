import { collectorPool } from "./collector-pool-repository";

export type IngestStatus = {
  /** Spans received since the store was made; those dropped by retention count. */
  receivedSpans: number;
  rejectedSpans: number;
  /** ISO time of the last request that brought spans, or `undefined` before the first. */
  lastReceivedAt: string | undefined;
  /** Bytes the stored spans take on disk, indexes included. */
  storedBytes: number;
};

/** What the overview says about the collector. Counts lag up to a second; after a crash the last second may be missing. */
export async function ingestStatus(): Promise<IngestStatus> {
  const { rows } = await collectorPool().query<{
    spans: string;
    rejected: string;
    last_received_at: Date | null;
    bytes: number;
  }>(
    `select spans, rejected, last_received_at,
       (select coalesce(sum(pg_total_relation_size(format('collector.fragment_%s', number)::regclass)), 0)::float8
        from collector.segment) as bytes
     from collector.ingest_total where id = 1`,
  );
  const [row] = rows;
  return {
    receivedSpans: Number(row?.spans ?? 0),
    rejectedSpans: Number(row?.rejected ?? 0),
    lastReceivedAt: row?.last_received_at?.toISOString(),
    storedBytes: row?.bytes ?? 0,
  };
}

/** Spans stored now, counted from the rows. */
export async function countSpans(): Promise<number> {
  const { rows } = await collectorPool().query<{ spans: string | null }>(
    "select sum(span_count) as spans from collector.fragment",
  );
  return Number(rows[0]?.spans ?? 0);
}
