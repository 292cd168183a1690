import type { MigrationOptions } from "../../domain/plan-spec";
import type { ObjectState, VerifyTier } from "../../domain/states";
import type { SourceStore } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import type { ChunkHold } from "./chunk-run";
import type { KeptResult } from "./kept-result";

/** Everything a copy of one object needs. */
export type CopyContext = {
  migrationNo: number;
  source: SourceStore;
  destination: S3Destination;
  options: MigrationOptions;
  /** Whether the destination honours conditions of a write: otherwise we look before we write. */
  canRefuseOverwrite: boolean;
  /** One copy on the server takes at most this many bytes; larger ones are copied there part by part. */
  serverCopyBytes: number;
} & ChunkHold;

export type Copied = {
  state: Extract<ObjectState, "copied" | "skipped_identical">;
  tier: VerifyTier;
  sizeBytes: number;
  fingerprint: string;
  crc32: string | null;
  etag: string;
  kept: KeptResult;
};
