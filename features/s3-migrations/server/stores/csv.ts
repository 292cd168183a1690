import { pipeline, Readable } from "node:stream";
import { CsvError, type InfoRecord, parse } from "csv-parse";
import { badManifest } from "./manifest-row";

export type CsvRecord = {
  fields: string[];
  /** Of the record's last line, from 1. */
  line: number;
};

/**
 * Records of CSV as RFC 4180 has it, streamed. Empty lines are passed over. Throws `config` for text that is no CSV, a
 * quote that never ends for instance, and for a record of more than `maxCharacters`.
 */
export async function* readCsv(pieces: AsyncIterable<string>, maxCharacters: number): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: maxCharacters,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // The callback only keeps a failure from being nobody's: reading the parser throws it.
  pipeline(Readable.from(pieces), parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
      yield { fields: record, line: info.lines };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw badManifest(`it is no CSV that can be read: ${cause.message}`, cause);
  }
}
