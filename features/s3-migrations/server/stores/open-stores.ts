import type { DestinationSpec, ManifestRows, SourceSpec, StoreSpec } from "../../domain/plan-spec";
import { activeStorageLayout, carrierwaveLayout, paperclipLayout } from "./layout";
import { openLayoutStore } from "./layout-store";
import { openLocalStore } from "./local-store";
import { readManifestFile } from "./manifest-file";
import type { ManifestRow } from "./manifest-row";
import { openManifestStore } from "./manifest-store";
import type { SourceStore } from "./object-store";
import { S3Destination } from "./s3-destination";
import { openS3Source } from "./s3-source";
import { readBlobs } from "./source-database-repository";
import type { TrafficGate } from "./traffic-gate";

/** Connections beyond the objects in flight, for parts, probes and listings. */
const SPARE_CONNECTIONS = 10;

/** Opens the source of a plan; `config` when a directory is missing. */
export async function openSource(spec: SourceSpec, concurrency: number, gate?: TrafficGate): Promise<SourceStore> {
  if (spec.kind !== "manifest") return openStore(spec, concurrency, gate);
  return openManifestStore((signal) => readRows(spec.rows, signal), await openStore(spec.store, concurrency, gate));
}

function readRows(rows: ManifestRows, signal: AbortSignal): AsyncIterable<ManifestRow> {
  return rows.from === "file" ? readManifestFile(rows, signal) : readBlobs(rows, signal);
}

async function openStore(spec: StoreSpec, concurrency: number, gate?: TrafficGate): Promise<SourceStore> {
  switch (spec.kind) {
    case "local":
      return openLocalStore(spec.path);
    case "s3":
      return openS3Source(spec, concurrency + SPARE_CONNECTIONS, gate);
    case "carrierwave":
      return openLayoutStore(spec.path, carrierwaveLayout(spec.storeDir));
    case "paperclip":
      return openLayoutStore(spec.path, paperclipLayout(spec.storeDir));
    case "active_storage":
      return openLayoutStore(spec.path, activeStorageLayout);
  }
}

export function openDestination(spec: DestinationSpec, concurrency: number, gate?: TrafficGate): S3Destination {
  return new S3Destination(spec, concurrency + SPARE_CONNECTIONS, gate);
}
