import { differsInType } from "../../domain/content-type";
import type { MigrationOptions } from "../../domain/plan-spec";
import type { ErrorClass } from "../../domain/states";
import { proofOf } from "../../domain/verify-policy";
import type { SourceStore } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import { StoreError } from "../stores/store-error";
import { asExpected } from "./as-expected";
import type { ChunkObject } from "./chunk-repository";
import { compareBytes } from "./compare-bytes";
import type { Settled } from "./object-visit";

type Context = { source: SourceStore; destination: S3Destination; options: MigrationOptions; signal: AbortSignal };

/**
 * Proves an object that somebody else copied: it is at the destination, has the same bytes (by stored checksums, MD5, or
 * both sides read) and is served as the same type. Writes nothing. Throws what it finds as a StoreError of its class.
 */
export async function compareObject(context: Context, object: ChunkObject): Promise<Settled> {
  const { source, destination, options, signal } = context;
  const [there, opened] = await Promise.all([
    destination.head(object.destinationKey, signal),
    source.stat(object.key, { fingerprint: object.fingerprint, signal }),
  ]);
  const here = asExpected(object, opened);
  if (there === undefined) {
    throw finding("missing_destination", "NotThere", "The destination does not have this object.");
  }
  if (there.sizeBytes !== here.sizeBytes) {
    const message = `The destination has ${there.sizeBytes} bytes, the source ${here.sizeBytes}.`;
    throw finding("different", "OtherSize", message);
  }
  const isReadBack = proofOf(options, object.key) === "read_back";
  const { isSame, tier, crc32 } = await compareBytes(context, object, { here, there, isReadBack });
  if (!isSame) throw finding("different", "OtherBytes", "The destination has other bytes of the same length.");
  const wanted = here.metadata["content-type"];
  if (differsInType(wanted, there.contentType)) {
    const message = `The bytes are right, but it is served as ${there.contentType ?? "no type"}, not ${wanted}.`;
    throw finding("wrong_type", "OtherType", message);
  }
  const { sizeBytes, fingerprint } = here;
  return { state: "verified", tier, sizeBytes, fingerprint, crc32, etag: there.etag };
}

function finding(errorClass: ErrorClass, code: string, message: string): StoreError {
  return new StoreError({ errorClass, code, message });
}
