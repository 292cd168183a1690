import { isOpen } from "../../domain/counters";
import type { SourceStore } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import type { ChunkObject } from "./chunk-repository";
import type { ChunkHold } from "./chunk-run";
import { compareObject } from "./compare-object";
import { copyObject } from "./copy-object";
import type { Settled } from "./object-visit";
import { proveHeaders } from "./prove-headers";
import { lookAndVerify } from "./verify-object";
import type { Work } from "./work-repository";

type Attempt = {
  source: SourceStore;
  destination: S3Destination;
  work: Work;
  serverCopyBytes: number;
} & ChunkHold;

/** Does with one object what the phase asks for, once. Throws StoreError. */
export async function attemptObject(
  { source, destination, work, serverCopyBytes, ...hold }: Attempt,
  object: ChunkObject,
): Promise<Settled> {
  const { no, options, abilities, phase } = work;
  const { signal } = hold;
  if (phase === "copy") {
    const canRefuseOverwrite = abilities?.ifNoneMatch === true;
    const context = { migrationNo: no, source, destination, options, canRefuseOverwrite, serverCopyBytes, ...hold };
    return copyObject(context, object);
  }
  if (isOpen(object.state)) return compareObject({ source, destination, options, signal }, object);
  const { tier, there } = await lookAndVerify({ destination, options, signal }, object);
  const kept = await proveHeaders({ source, destination, options, signal }, object, there);
  const { sizeBytes, fingerprint, crc32, etag } = object;
  return { state: "verified", tier, sizeBytes, fingerprint, crc32, etag, kept };
}
