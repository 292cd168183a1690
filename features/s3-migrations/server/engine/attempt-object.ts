import { isOpen } from "../../domain/counters";
import type { SourceStore } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import type { ChunkObject } from "./chunk-repository";
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
  signal: AbortSignal;
};

/** Does with one object what the phase asks for, once. Throws StoreError. */
export async function attemptObject(
  { source, destination, work, serverCopyBytes, signal }: Attempt,
  object: ChunkObject,
): Promise<Settled> {
  const { no, options, abilities, phase } = work;
  if (phase === "copy") {
    const canRefuseOverwrite = abilities?.ifNoneMatch === true;
    const context = { migrationNo: no, source, destination, options, canRefuseOverwrite, serverCopyBytes, signal };
    return copyObject(context, object);
  }
  if (isOpen(object.state)) return compareObject({ source, destination, options, signal }, object);
  const { tier, there } = await lookAndVerify({ destination, options, signal }, object);
  const kept = await proveHeaders({ source, destination, options, signal }, object, there);
  const { sizeBytes, fingerprint, crc32, etag } = object;
  return { state: "verified", tier, sizeBytes, fingerprint, crc32, etag, kept };
}
