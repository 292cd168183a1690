import { storableText } from "../domain/copy-rows";
import { FRAGMENT_EXTENT_NS } from "../domain/fragment";
import type { SpanFilter } from "../domain/span-filter";
import { BLOOM_PROBES, probeSeeds } from "../domain/token";
import { collectorPool } from "./collector-pool-repository";
import { unpack } from "./pack";

/** Where the last page of a search ended. */
export type SearchCursor = { minStartNs: string; id: string };
export type FoundFragment = {
  traceId: string;
  isWhollyInside: boolean;
  spanCount: number;
  spans: Buffer | undefined;
  cursor: SearchCursor;
};

type SearchPage = {
  filter: SpanFilter;
  tokens: readonly number[];
  after: SearchCursor | undefined;
  limit: number;
  needsSpans: boolean;
};

/** The next fragments, latest start first, that may hold a match. Spans come along only when asked for. */
export async function findFragments({
  filter,
  tokens,
  after,
  limit,
  needsSpans,
}: SearchPage): Promise<FoundFragment[]> {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const min = bind(filter.minStartNs.toString(), "bigint");
  const max = bind(filter.maxStartNs.toString(), "bigint");
  const conditions = [
    `min_start_ns <= ${max}`,
    `min_start_ns > ${bind((filter.minStartNs - FRAGMENT_EXTENT_NS).toString(), "bigint")}`,
    `max_start_ns >= ${min}`,
  ];
  if (after !== undefined) {
    const start = bind(after.minStartNs, "bigint");
    conditions.push(`min_start_ns <= ${start}`, `(min_start_ns, id) < (${start}, ${bind(after.id, "bigint")})`);
  }
  if (filter.service !== undefined) conditions.push(`services @> array[${bind(storableText(filter.service), "text")}]`);
  if (filter.minDurationNs !== undefined) {
    conditions.push(`max_duration_ns >= ${bind(filter.minDurationNs.toString(), "bigint")}`);
  }
  for (const token of tokens) conditions.push(...probesOf(token));
  const { rows } = await collectorPool().query<{
    id: string;
    trace_id: string;
    min_start_ns: string;
    is_inside: boolean;
    span_count: number;
    spans: Buffer | null;
  }>({
    text: `select id, trace_id, min_start_ns, span_count, min_start_ns >= ${min} and max_start_ns <= ${max} as is_inside,
        ${needsSpans ? "spans" : "null as spans"}
      from collector.fragment where ${conditions.join(" and ")}
      order by min_start_ns desc, id desc limit ${bind(limit, "integer")}`,
    values,
  });
  return rows.map((row) => ({
    traceId: row.trace_id.replaceAll("-", ""),
    isWhollyInside: row.is_inside,
    spanCount: row.span_count,
    spans: row.spans === null ? undefined : unpack(row.spans),
    cursor: { minStartNs: row.min_start_ns, id: row.id },
  }));
}

/** The four bits of a token, written out: Postgres then tests them in C, row by row, 5 times faster than in a function. */
export function probesOf(token: number): string[] {
  const { first, step } = probeSeeds(token);
  return Array.from(
    { length: BLOOM_PROBES },
    (_, probe) => `get_bit(bloom, ${first + probe * step}::bigint % (length(bloom) * 8)) = 1`,
  );
}

/** Unpacked before spans that arrive get their turn: a trace of 200,000 spans is 150 MB. */
const TURN_BYTES = 2 * 1024 * 1024;

/** Every stored piece of the traces, oldest arrival first, under their ids. Unknown ids are absent. */
export async function findPieces(traceIds: readonly string[]): Promise<Map<string, Buffer[]>> {
  const pieces = new Map<string, Buffer[]>();
  if (traceIds.length === 0) return pieces;
  // Planned once: with many partitions that takes longer than reading.
  const { rows } = await collectorPool().query<{ trace_id: string; spans: Buffer }>({
    name: "collector_pieces",
    text: "select trace_id, spans from collector.fragment where trace_id = any($1::uuid[]) order by id",
    values: [traceIds],
  });
  let turnBytes = 0;
  for (const row of rows) {
    const traceId = row.trace_id.replaceAll("-", "");
    const piece = unpack(row.spans);
    const known = pieces.get(traceId);
    if (known === undefined) pieces.set(traceId, [piece]);
    else known.push(piece);
    turnBytes += piece.length;
    if (turnBytes < TURN_BYTES) continue;
    turnBytes = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return pieces;
}

/** Every service ever received, sorted by bytes. */
export async function listServices(): Promise<string[]> {
  const { rows } = await collectorPool().query<{ service: string }>(
    "select distinct service from collector.operation order by service",
  );
  return rows.map(({ service }) => service);
}

/** Operations of a service with the kind of their spans as OTLP numbers it, sorted. */
export async function listOperations(service: string): Promise<{ name: string; kind: number }[]> {
  const { rows } = await collectorPool().query<{ name: string; kind: number }>(
    "select name, kind from collector.operation where service = $1 order by name, kind",
    [storableText(service)],
  );
  return rows;
}
