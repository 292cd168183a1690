import type { DestinationSpec, SourceSpec } from "../../domain/plan-spec";
import { openLocalStore } from "./local-store";
import type { SourceStore } from "./object-store";
import { S3Destination } from "./s3-destination";
import { openS3Source } from "./s3-source";

/** Connections beyond the objects in flight, for parts, probes and listings. */
const SPARE_CONNECTIONS = 10;

/** Opens the source of a plan; `config` when a directory is missing. */
export async function openSource(spec: SourceSpec, concurrency: number): Promise<SourceStore> {
  return spec.kind === "local" ? openLocalStore(spec.path) : openS3Source(spec, concurrency + SPARE_CONNECTIONS);
}

export function openDestination(spec: DestinationSpec, concurrency: number): S3Destination {
  return new S3Destination(spec, concurrency + SPARE_CONNECTIONS);
}
