import type { OperationDurations, Slowdown } from "@/features/traces/contract";
import type { TimedBin } from "@/features/traces/domain/facts/find-slowdown";
import { pool } from "@/server/db/client";
import { partOf, ROOT_SERVICE } from "./digest-repository";
import { conditionOf, durationBin, type FactScope } from "./fact-query-repository";

export type RootOperation = { service: string; operation: string };
type OperationBin = RootOperation & TimedBin;

/** Durations by bin, root operation and part; parts before `fromUs` have negative numbers. */
export async function countTimedBins(
  scope: FactScope,
  { operations, fromUs, partUs }: { operations: readonly string[]; fromUs: number; partUs: number },
): Promise<OperationBin[]> {
  const { text, values } = conditionOf(scope);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { rows } = await pool().query<{ service: string; operation: string; p: number; d: number; n: number }>(
    `select ${ROOT_SERVICE} as service, root_operation as operation,
       floor((start_us - ${bind(fromUs)}::bigint)::float8 / ${bind(partUs)}::float8)::integer as p, ${durationBin("request_us")} as d, count(*) as n
     from facts.trace where ${text} and root_operation = any(${bind(operations)}::text[]) group by 1, 2, 3, 4`,
    values,
  );
  return rows.map(({ service, operation, p, d, n }) => ({ service, operation, part: p, durationBin: d, count: n }));
}

/** Exact durations of each root operation in the scope. */
export async function durationsOf(
  scope: FactScope,
  operations: readonly string[],
): Promise<(RootOperation & OperationDurations)[]> {
  const { text, values } = conditionOf(scope);
  const { rows } = await pool().query<{ service: string; operation: string; n: number; q: (number | string)[] }>(
    `select ${ROOT_SERVICE} as service, root_operation as operation, count(*) as n,
       percentile_disc(array[0.5, 0.95]) within group (order by request_us) as q
     from facts.trace where ${text} and root_operation = any($${values.push(operations)}::text[]) group by 1, 2`,
    values,
  );
  return rows.map(({ service, operation, n, q }) => ({ service, operation, ...toDurations(n, q) }));
}

type Side = { n: number; q: (number | string)[] | null; mean: number | null };
type Sides = { usual: Side; now: Side };

/** Both sides of the moment an operation became slower, exactly; undefined when either is empty by now. */
export async function measureSlowdown(
  scope: FactScope,
  { service, operation }: RootOperation,
  sinceUs: number,
): Promise<Omit<Slowdown, "parts"> | undefined> {
  const { text, values } = conditionOf(scope);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const [since, ofService, ofOperation] = [bind(sinceUs), bind(service), bind(operation)];
  const side = (when: string) => `json_build_object('n', count(*) filter (where ${when}),
    'q', percentile_disc(array[0.5, 0.95]) within group (order by request_us) filter (where ${when}),
    'mean', avg(request_us) filter (where ${when}))`;
  const { rows } = await pool().query<Sides>(
    `select ${side(`start_us < ${since}`)} as usual, ${side(`start_us >= ${since}`)} as now
     from facts.trace where ${text} and root_operation = ${ofOperation} and ${ROOT_SERVICE} = ${ofService}`,
    values,
  );
  const { usual, now } = rows[0] ?? {};
  if (!usual?.q || !now?.q || usual.mean === null || now.mean === null) return undefined;
  return {
    sinceUs,
    usual: toDurations(usual.n, usual.q),
    now: toDurations(now.n, now.q),
    addedUs: Math.max(0, (now.mean - usual.mean) * now.n),
  };
}

/** Exact durations of a root operation in each of `parts` equal parts of the scope's window; zeros where there is none. */
export async function measureParts(
  scope: FactScope,
  { service, operation }: RootOperation,
  parts: number,
): Promise<OperationDurations[]> {
  const { text, values } = conditionOf(scope);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { fromUs, toUs } = scope.window;
  const part = partOf(bind(fromUs), bind(toUs - fromUs), bind(parts));
  const { rows } = await pool().query<{ p: number; n: number; q: (number | string)[] }>(
    `select ${part} as p, count(*) as n, percentile_disc(array[0.5, 0.95]) within group (order by request_us) as q
     from facts.trace where ${text} and root_operation = ${bind(operation)} and ${ROOT_SERVICE} = ${bind(service)} group by 1`,
    values,
  );
  const byPart = new Map(rows.map(({ p, n, q }) => [p, toDurations(n, q)]));
  return Array.from({ length: parts }, (_, at) => byPart.get(at) ?? { count: 0, p50Us: 0, p95Us: 0 });
}

function toDurations(count: number, quantiles: readonly (number | string)[]): OperationDurations {
  const [p50Us = 0, p95Us = 0] = quantiles.map(Number);
  return { count, p50Us, p95Us };
}
