import type { S3MigrationDetail } from "../../contract";
import { csvLine } from "../../domain/csv-cell";
import type { ReportedObject } from "./report-repository";

const COLUMNS = [
  "look",
  "key",
  "destination key",
  "bytes",
  "state",
  "proof",
  "crc32",
  "etag",
  "attempts",
  "reason",
  "error class",
  "error code",
  "message",
];

/** One line per row of the inventory; no cell begins as a formula does. */
export async function* writeCsv(pages: AsyncIterable<ReportedObject[]>): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const page of pages) {
    yield page
      .map((row) =>
        csvLine([
          ...[row.epoch, row.key, row.destinationKey, row.sizeBytes, row.state, row.tier, row.crc32, row.etag],
          ...[row.attempts, row.reason, row.errorClass, row.code, row.message],
        ]),
      )
      .join("");
  }
}

/** One JSON document: the migration with its history, then every failure. */
export async function* writeJson(
  detail: S3MigrationDetail,
  failures: AsyncIterable<ReportedObject[]>,
): AsyncGenerator<string> {
  const { snapshot, passes, phases, commands } = detail;
  yield `${JSON.stringify({ migration: snapshot, passes, phases, commands }).slice(0, -1)},"failures":[`;
  let isFirst = true;
  for await (const page of failures) {
    const text = page.map((row) => JSON.stringify(row)).join(",\n");
    yield isFirst ? text : `,\n${text}`;
    isFirst = false;
  }
  yield "]}\n";
}
