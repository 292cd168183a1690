import { pool } from "@/server/db/client";
import type { ObjectRow } from "../../contract";
import type { DestinationSpec } from "../../domain/plan-spec";
import type { ErrorClass } from "../../domain/states";
import { OBJECT_COLUMNS, type StoredObject, toObjectRow } from "../object-repository";

/** An object as a report has it. */
export type ReportedObject = ObjectRow & {
  crc32: string | null;
  etag: string | null;
  reason: string | null;
  errorClass: ErrorClass | null;
  code: string | null;
  message: string | null;
};
type Row = StoredObject & Pick<ReportedObject, "crc32" | "etag" | "reason" | "errorClass" | "code" | "message">;

/** Short queries, page by page: a snapshot held for minutes would keep every dead row of a busy table. */
const PAGE = 2000;

/** Every row of the inventory in key order, look by look. */
export async function* readReported(
  no: number,
  destination: DestinationSpec,
  { failedOnly = false }: { failedOnly?: boolean } = {},
): AsyncGenerator<ReportedObject[]> {
  for (let after = -1; ; ) {
    const { rows } = await pool().query<Row>(
      `select ${OBJECT_COLUMNS}, o.crc32, o.etag, o.reason, f.class as "errorClass", f.code, f.message
         from s3.object o ${failedOnly ? "" : "left "}join s3.failure f on f.migration_no = $1 and f.object_id = o.id
        where o.migration_no = $1 and o.id > $2 ${failedOnly ? "and f.object_id > $2" : ""}
        order by ${failedOnly ? "f.object_id" : "o.id"} limit ${PAGE}`,
      [no, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ crc32, etag, reason, errorClass, code, message, ...row }) => ({
      ...toObjectRow(row, destination),
      crc32,
      etag,
      reason,
      errorClass,
      code,
      message,
    }));
    if (rows.length < PAGE) return;
    after = last.objectId;
  }
}
