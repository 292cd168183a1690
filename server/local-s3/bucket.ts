import type { FileHandle } from "node:fs/promises";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { DataFiles } from "./data-files";
import { Journal, readJournal } from "./journal";
import { KeyIndex, type KeyPage, type ListQuery } from "./key-index";
import { S3Error } from "./s3-error";
import type { JournalRecord, StoredObject, StoredPart, StoredUpload } from "./stored-object";

type Upload = { upload: StoredUpload; parts: Map<number, StoredPart> };
type Guard = (current: StoredObject | undefined) => void;

/**
 * One bucket: an index in memory, a journal that says what is true, and immutable body files. Every change is one
 * synchronous step (guard, journal line, index), so conditions hold under any concurrency within the process.
 */
export class Bucket {
  readonly name: string;
  readonly data: DataFiles;
  readonly #dir: string;
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, Upload>();
  #keys = new KeyIndex();
  #journal: Journal | undefined;

  private constructor(name: string, dir: string, data: DataFiles) {
    this.name = name;
    this.#dir = dir;
    this.data = data;
  }

  /** Opens or creates; replays the journal, rewrites it without history, and removes bodies nobody names. */
  static async open(dir: string, name: string): Promise<Bucket> {
    await mkdir(dir, { recursive: true });
    const bucket = new Bucket(name, dir, await DataFiles.open(path.join(dir, "data")));
    const file = path.join(dir, "journal.ndjson");
    await readJournal(file, (record) => void bucket.#apply(record));
    bucket.#keys = new KeyIndex(bucket.#objects.keys());
    bucket.#journal = Journal.compact(file, bucket.#records());
    const named = new Set<string>();
    for (const { dataId } of bucket.#objects.values()) named.add(dataId);
    for (const { parts } of bucket.#uploads.values()) for (const { dataId } of parts.values()) named.add(dataId);
    await bucket.data.sweep((dataId) => named.has(dataId));
    return bucket;
  }

  *#records(): Generator<JournalRecord> {
    for (const object of this.#objects.values()) yield { op: "put", object };
    for (const { upload, parts } of this.#uploads.values()) {
      yield { op: "upload", upload };
      for (const part of parts.values()) yield { op: "part", uploadId: upload.uploadId, part };
    }
  }

  /** Applies a record to the maps and returns the bodies it makes unreachable. */
  #apply(record: JournalRecord): string[] {
    switch (record.op) {
      case "put":
        return this.#set(record.object);
      case "delete": {
        const old = this.#objects.get(record.key);
        this.#objects.delete(record.key);
        return old === undefined ? [] : [old.dataId];
      }
      case "upload":
        this.#uploads.set(record.upload.uploadId, { upload: record.upload, parts: new Map() });
        return [];
      case "part": {
        const parts = this.#uploads.get(record.uploadId)?.parts;
        const old = parts?.get(record.part.partNumber);
        parts?.set(record.part.partNumber, record.part);
        return old === undefined ? [] : [old.dataId];
      }
      case "complete":
        return [...this.#set(record.object), ...this.#endUpload(record.uploadId)];
      case "abort":
        return this.#endUpload(record.uploadId);
    }
  }

  #set(object: StoredObject): string[] {
    const old = this.#objects.get(object.key);
    this.#objects.set(object.key, object);
    return old === undefined ? [] : [old.dataId];
  }

  #endUpload(uploadId: string): string[] {
    const parts = this.#uploads.get(uploadId)?.parts.values() ?? [];
    this.#uploads.delete(uploadId);
    return Array.from(parts, ({ dataId }) => dataId);
  }

  async #commit(record: JournalRecord): Promise<void> {
    if (this.#journal === undefined) throw new S3Error("NoSuchBucket", "The specified bucket does not exist");
    this.#journal.append(record);
    const unreachable = this.#apply(record);
    if (record.op === "put" || record.op === "complete") this.#keys.add(record.object.key);
    if (record.op === "delete") this.#keys.remove(record.key);
    for (const dataId of unreachable) await this.data.remove(dataId);
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  list(query: ListQuery): KeyPage {
    return this.#keys.list(query);
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  /** The object with its body opened: an overwrite between look-up and open is followed, not reported. */
  async openObject(key: string): Promise<{ object: StoredObject; handle: FileHandle } | undefined> {
    for (;;) {
      const object = this.get(key);
      if (object === undefined) return undefined;
      const handle = await this.data.open(object.dataId);
      if (handle !== undefined) return { object, handle };
      if (this.get(key) === object) throw new S3Error("InternalError", "The body of this object is missing on disk.");
    }
  }

  /** Makes `object` the one under its key unless `guard` objects; then its body is removed again. */
  async put(object: StoredObject, guard: Guard): Promise<void> {
    await this.#guarded(object, guard, { op: "put", object });
  }

  /** `put`, and the end of the upload it came from, in one step. */
  async complete(uploadId: string, object: StoredObject, guard: Guard): Promise<void> {
    const guardBoth: Guard = (current) => {
      this.upload(uploadId, object.key);
      guard(current);
    };
    await this.#guarded(object, guardBoth, { op: "complete", uploadId, object });
  }

  async #guarded(object: StoredObject, guard: Guard, record: JournalRecord): Promise<void> {
    try {
      guard(this.get(object.key));
    } catch (error) {
      await this.data.remove(object.dataId);
      throw error;
    }
    await this.#commit(record);
  }

  /** Deletes the key if it is there and `guard` does not object. */
  async delete(key: string, guard: Guard): Promise<void> {
    const current = this.get(key);
    guard(current);
    if (current !== undefined) await this.#commit({ op: "delete", key });
  }

  uploads(): StoredUpload[] {
    return Array.from(this.#uploads.values(), ({ upload }) => upload);
  }

  /** An upload and its parts. Throws NoSuchUpload, also for another key. */
  upload(uploadId: string, key: string): Upload {
    const found = this.#uploads.get(uploadId);
    if (found === undefined || found.upload.key !== key)
      throw new S3Error("NoSuchUpload", "The specified multipart upload does not exist.", { UploadId: uploadId });
    return found;
  }

  async createUpload(upload: StoredUpload): Promise<void> {
    await this.#commit({ op: "upload", upload });
  }

  async putPart(uploadId: string, key: string, part: StoredPart): Promise<void> {
    try {
      this.upload(uploadId, key);
    } catch (error) {
      await this.data.remove(part.dataId);
      throw error;
    }
    await this.#commit({ op: "part", uploadId, part });
  }

  async abortUpload(uploadId: string, key: string): Promise<void> {
    this.upload(uploadId, key);
    await this.#commit({ op: "abort", uploadId });
  }

  close(): void {
    this.#journal?.close();
    this.#journal = undefined;
  }

  async destroy(): Promise<void> {
    this.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
