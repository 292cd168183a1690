import type { z } from "zod";
import { pool } from "@/server/db/client";
import type { FailuresReply, failuresQuerySchema } from "../../contract";
import { ERROR_CLASSES, OBJECT_STATES } from "../../domain/states";

type Query = z.output<typeof failuresQuerySchema>;
type GroupRow = {
  state: number;
  errorClass: string;
  code: string;
  objects: number;
  firstAt: Date;
  lastAt: Date;
  key: string;
  message: string;
};
type FailureRow = GroupRow & { id: number; size: number; attempts: number };

const OF_CAUSE = `coalesce(error_code, '') as code, coalesce(error_message, '') as message`;

/** What the job says did not go through, by its own causes; the same shape as failures of our engine. */
export async function listReportedFailures(no: number, query: Query): Promise<FailuresReply> {
  const groups = await pool().query<GroupRow>(
    `select state, error_class as "errorClass", coalesce(error_code, '') as code, count(*) as objects,
            min(first_at) as "firstAt", max(last_at) as "lastAt", (array_agg(key order by id))[1] as key,
            (array_agg(coalesce(error_message, '') order by id))[1] as message
       from s3.reported_object where migration_no = $1 and error_class is not null
      group by 1, 2, 3 order by 4 desc, 2, 3 limit 100`,
    [no],
  );
  const page = await pool().query<FailureRow>(
    `select id, key, size, state, error_class as "errorClass", ${OF_CAUSE}, attempts, first_at as "firstAt",
            last_at as "lastAt"
       from s3.reported_object
      where migration_no = $1 and error_class is not null and ($2::text is null or error_class = $2)
        and ($3::text is null or coalesce(error_code, '') = $3) and ($4::smallint is null or state = $4) and id > $5
      order by id limit $6`,
    [
      ...[no, query.errorClass ?? null, query.code ?? null],
      ...[query.state === undefined ? null : OBJECT_STATES.indexOf(query.state), query.cursor ?? -1, query.limit + 1],
    ],
  );
  const rows = page.rows.slice(0, query.limit);
  return {
    groups: groups.rows.map(({ key, message, objects, ...row }) => ({
      ...shared(row),
      objects,
      example: { key, message },
    })),
    failures: rows.map(({ id, key, size, attempts, message, ...row }) => ({
      ...shared(row),
      ...{ objectId: id, chunkId: 0, key, sizeBytes: size, httpStatus: null, requestId: null, message, attempts },
    })),
    nextCursor: page.rows.length > query.limit ? (rows.at(-1)?.id ?? null) : null,
  };
}

function shared({
  state,
  errorClass,
  code,
  firstAt,
  lastAt,
}: Pick<GroupRow, "state" | "errorClass" | "code" | "firstAt" | "lastAt">) {
  return {
    state: OBJECT_STATES[state] ?? ("failed" as const),
    errorClass: ERROR_CLASSES.find((known) => known === errorClass) ?? ("reported" as const),
    code,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
  };
}
