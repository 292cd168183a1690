import type { VerifyTier } from "../../domain/states";
import type { OpenedObject, SourceStore } from "../stores/object-store";
import { refuseDamage } from "../stores/refuse-damage";
import type { S3Destination, StoredObject } from "../stores/s3-destination";
import { isMd5Etag } from "../stores/s3-xml";
import { sumsOf } from "../stores/sums-of";
import { hashStream } from "./hash-stream";

type Stores = { source: SourceStore; destination: S3Destination; signal: AbortSignal };
type Keys = { key: string; destinationKey: string };
type Pair = {
  here: OpenedObject;
  there: StoredObject;
  /** Fetch the destination's bytes whatever it tells. */
  isReadBack: boolean;
};

/** Whether both sides hold the same bytes, and by what that is known. `crc32` is null where nobody had to compute it. */
export type Compared = { isSame: boolean; tier: VerifyTier; crc32: string | null };

/**
 * Compares two objects of equal size by the strongest sum both sides know: what the stores tell, else our own reading
 * of the source, else of both. Writes nothing.
 */
export async function compareBytes(stores: Stores, keys: Keys, pair: Pair): Promise<Compared> {
  const { here, there, isReadBack } = pair;
  if (!isReadBack) {
    const told = compareTold(here, there);
    if (told !== undefined) return told;
  }
  const { crc32, md5 } = await hashSource(stores, keys.key, here);
  if (!isReadBack && there.crc32 === crc32) return { isSame: true, tier: "stored", crc32 };
  if (!isReadBack && there.etag === md5) return { isSame: true, tier: "acknowledged", crc32 };
  const stored = await hashStream(await stores.destination.read(keys.destinationKey, stores.signal));
  return { isSame: stored.crc32 === crc32 && stored.md5 === md5, tier: "read_back", crc32 };
}

/** By what the stores say alone. An ETag that differs proves nothing: it is no MD5 where a key encrypts. */
function compareTold({ told }: OpenedObject, there: StoredObject): Compared | undefined {
  const stored = there.crc32?.includes("-") ? undefined : there.crc32;
  if (told.crc32 !== undefined && stored !== undefined) {
    return { isSame: told.crc32 === stored, tier: "stored", crc32: told.crc32 };
  }
  const isSameMd5 = told.md5 !== undefined && isMd5Etag(there.etag) && told.md5 === there.etag;
  return isSameMd5 ? { isSame: true, tier: "acknowledged", crc32: null } : undefined;
}

async function hashSource({ source, signal }: Stores, key: string, here: OpenedObject) {
  const { sizeBytes, fingerprint, told } = here;
  const read = () => source.openRange(key, { start: 0, end: sizeBytes, fingerprint, signal });
  const sums = sizeBytes === 0 ? sumsOf(Buffer.alloc(0)) : await hashStream(await read());
  refuseDamage(told, sums);
  return sums;
}
