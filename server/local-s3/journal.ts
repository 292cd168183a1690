import { closeSync, fdatasyncSync, openSync, renameSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { codeOf } from "@/lib/errors";
import { type JournalRecord, journalRecord } from "./stored-object";

const NEWLINE = "\n";

/** Reads every whole record. A torn last line is what a kill leaves behind: it was never acknowledged, so it is dropped. */
export async function readJournal(file: string, apply: (record: JournalRecord) => void): Promise<number> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
  let count = 0;
  let torn = "";
  try {
    const stream = handle.createReadStream({ encoding: "utf8", autoClose: false });
    for await (const piece of stream as AsyncIterable<string>) {
      const lines = (torn + piece).split(NEWLINE);
      torn = lines.pop() ?? "";
      for (const line of lines) {
        apply(journalRecord.parse(JSON.parse(line)));
        count += 1;
      }
    }
  } finally {
    await handle.close();
  }
  return count;
}

/**
 * The append-only truth of one bucket. `append` returns after the line is with the operating system: it survives the
 * death of this process, not a power cut, which is enough for samples and tests.
 */
export class Journal {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Replaces the file by just the records that still matter, in one rename, and opens it for appending. */
  static compact(file: string, records: Iterable<JournalRecord>): Journal {
    const temporary = `${file}.new`;
    const fd = openSync(temporary, "w");
    let batch = "";
    for (const record of records) {
      batch += JSON.stringify(record) + NEWLINE;
      if (batch.length > 1 << 20) {
        writeAll(fd, batch);
        batch = "";
      }
    }
    writeAll(fd, batch);
    fdatasyncSync(fd);
    renameSync(temporary, file);
    return new Journal(fd);
  }

  append(record: JournalRecord): void {
    writeAll(this.#fd, JSON.stringify(record) + NEWLINE);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function writeAll(fd: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(fd, bytes));
}
