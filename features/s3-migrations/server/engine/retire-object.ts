import type { MigrationOptions } from "../../domain/plan-spec";
import type { VerifyTier } from "../../domain/states";
import type { SourceStore } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import { StoreError, toStoreError } from "../stores/store-error";
import type { ChunkObject } from "./chunk-repository";
import { verifyObject } from "./verify-object";

type Context = { source: SourceStore; destination: S3Destination; options: MigrationOptions; signal: AbortSignal };

const PROOFS: ReadonlySet<VerifyTier> = new Set(["acknowledged", "stored", "read_back"]);

/**
 * Deletes one object at the source: the destination is asked for it a moment before, and the source must hold exactly
 * what was copied. `wasBegun`: a worker set out to delete it, so that one which is gone was deleted by us. Anything else
 * that is not as expected is thrown, and nothing is deleted.
 */
export async function retireObject(context: Context, object: ChunkObject, wasBegun: boolean): Promise<void> {
  const { source, destination, options, signal } = context;
  const tier = await verifyObject({ destination, options: { ...options, verify: "stored" }, signal }, object);
  if (!PROOFS.has(tier) || !PROOFS.has(object.tier)) {
    throw new StoreError({
      errorClass: "integrity",
      code: "NotProven",
      message: "Only its size at the destination is known, which is no proof.",
    });
  }
  const { fingerprint } = object;
  try {
    await source.stat(object.key, { fingerprint, signal });
    await source.remove(object.key, { fingerprint, signal });
  } catch (cause) {
    if (!wasBegun || toStoreError(cause).errorClass !== "source_missing") throw cause;
  }
}
