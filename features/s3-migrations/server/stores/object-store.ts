import type { Readable } from "node:stream";
import type { KeepNeeds } from "../../domain/keep-policy";
import type { ObjectExtras } from "./s3-extras";

/**
 * Why an object is not copied. `filtered`: it is no object to copy (a link, a pipe, an archived one). `left_out`: people
 * said so by a rule; there may be millions. `missing`: something says that it must exist, and it does not. `mismatch`:
 * it is not what something says it must be.
 */
export type ListingProblem = {
  kind: "invalid_key" | "filtered" | "left_out" | "missing" | "mismatch";
  code: string;
  message: string;
};

/** What a manifest or a database says of an object, as far as it does; MD5 in hex. */
export type Expected = { sizeBytes?: number; md5?: string; contentType?: string };

/** One entry of a listing. `problem` marks what is not copied. */
export type ListedObject = {
  key: string;
  sizeBytes: number;
  /** Changes whenever the bytes may have: ETag, or mtime + size + inode. */
  fingerprint: string;
  modifiedMs?: number;
  /** Where it goes; absent = to its own key. */
  destinationKey?: string;
  expected?: Expected;
  problem?: ListingProblem;
};

/** Headers that travel with the bytes. */
export type ObjectMetadata = Record<string, string>;

/** What a store says of all the bytes it holds, as far as it does: MD5 in hex, the others in base64. */
export type ToldSums = {
  crc32?: string | undefined;
  md5?: string | undefined;
  crc32c?: string | undefined;
  crc64nvme?: string | undefined;
  sha1?: string | undefined;
  sha256?: string | undefined;
};

export type OpenedObject = {
  sizeBytes: number;
  fingerprint: string;
  modifiedMs?: number;
  metadata: ObjectMetadata;
  /** The content type comes from the name alone: nobody told one. */
  isTypeByName?: boolean;
  /** Where the store has classes. */
  storageClass?: string;
  /** Metadata the store has and cannot tell in headers. */
  untoldMetadata?: number;
  /** A bit that turned over on its way here shows against these. */
  told: ToldSums;
};

/** Where objects are read. Throws StoreError only. */
export type SourceStore = {
  /** True when pages come in key order, so that a broken pass resumes after its last key instead of from the start. */
  isOrdered: boolean;
  /** Pages of at most a few thousand entries. An error ends the iteration by throwing: a short list is never "all". */
  list: (options: { after: string | undefined; signal: AbortSignal }) => AsyncIterable<ListedObject[]>;
  /**
   * The whole object in memory; for small ones. `fingerprint` is what the listing saw ("" = whatever is there now):
   * `source_changed` when it is another, also when it changed while being read.
   */
  read: (
    key: string,
    options: { fingerprint: string; signal: AbortSignal },
  ) => Promise<OpenedObject & { body: Buffer }>;
  /** What is there now. */
  stat: (key: string, options: { fingerprint: string; signal: AbortSignal }) => Promise<OpenedObject>;
  /** Bytes `start` to `end` (exclusive) of the object with exactly this fingerprint. */
  openRange: (
    key: string,
    options: { start: number; end: number; fingerprint: string; signal: AbortSignal },
  ) => Promise<Readable>;
  /**
   * Deletes the object with exactly this fingerprint; `source_changed` when it is another by now, `source_missing` when
   * it is gone. Called by nothing but retiring.
   */
  remove: (key: string, options: { fingerprint: string; signal: AbortSignal }) => Promise<void>;
  /** For copies on the server; absent where bytes have to come by here. */
  onServer?: { identity: string; copySource: (key: string) => string };
  /** Tags and access rules, where the store has such. */
  extras?: (
    key: string,
    options: { needs: Pick<KeepNeeds, "tags" | "grants">; signal: AbortSignal },
  ) => Promise<ObjectExtras>;
  /** Throws what the store answers when it is asked whether these credentials are let in; absent where there are none. */
  checkAccess?: (signal: AbortSignal) => Promise<void>;
  close: () => Promise<void>;
};
