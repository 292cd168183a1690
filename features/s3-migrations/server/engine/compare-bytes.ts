import { Readable } from "node:stream";
import type { VerifyTier } from "../../domain/states";
import type { OpenedObject, SourceStore, ToldSums } from "../stores/object-store";
import { refuseDamage } from "../stores/refuse-damage";
import type { S3Destination, StoredObject } from "../stores/s3-destination";
import { isMd5Etag } from "../stores/s3-xml";
import type { Sums } from "../stores/sums-of";
import { extraChecksum, isSameByTold } from "../stores/told-checksums";
import { hashStream } from "./hash-stream";

type Stores = { source: SourceStore; destination: S3Destination; signal: AbortSignal };
type Keys = { key: string; destinationKey: string };
type Pair = {
  here: OpenedObject;
  there: StoredObject;
  /** Fetch the destination's bytes whatever it tells. */
  isReadBack: boolean;
  /** The CRC-32 of the bytes has to be known afterwards. */
  wantsCrc32?: boolean;
};

/** Whether both sides hold the same bytes, and by what that is known. `crc32` is null where nobody had to compute it. */
export type Compared = { isSame: boolean; tier: VerifyTier; crc32: string | null };

/**
 * Compares two objects of equal size by the strongest sum both sides know: what the stores tell, else our own reading
 * of the source, else of both. Writes nothing.
 */
export async function compareBytes(stores: Stores, keys: Keys, pair: Pair): Promise<Compared> {
  const { here, there, isReadBack, wantsCrc32 = false } = pair;
  if (!isReadBack) {
    const told = compareTold(here, there);
    if (told !== undefined && !(wantsCrc32 && told.isSame && told.crc32 === null)) return told;
  }
  const sums = await hashSource(stores, keys.key, here, isReadBack ? {} : there.told);
  const { crc32, md5 } = sums;
  // Another sum may be of other bytes or of other words for it: only the bytes themselves tell.
  if (!isReadBack && isSameByTold(sums, there.told) === true) return { isSame: true, tier: "stored", crc32 };
  if (!isReadBack && there.etag === md5) return { isSame: true, tier: "acknowledged", crc32 };
  const stored = await hashStream(await stores.destination.read(keys.destinationKey, stores.signal));
  return { isSame: stored.crc32 === crc32 && stored.md5 === md5, tier: "read_back", crc32 };
}

/** By what the stores say alone. An ETag that differs proves nothing: it is no MD5 where a key encrypts. */
function compareTold({ told }: OpenedObject, there: StoredObject): Compared | undefined {
  const isSame = isSameByTold(told, there.told);
  if (isSame !== undefined) return { isSame, tier: "stored", crc32: told.crc32 ?? null };
  const isSameMd5 = told.md5 !== undefined && isMd5Etag(there.etag) && told.md5 === there.etag;
  return isSameMd5 ? { isSame: true, tier: "acknowledged", crc32: null } : undefined;
}

/** With every sum that the source's bytes are held against: what it tells itself, and what the other side tells. */
async function hashSource({ source, signal }: Stores, key: string, here: OpenedObject, there: ToldSums): Promise<Sums> {
  const { sizeBytes, fingerprint, told } = here;
  const extras = [told, there].flatMap((sums) => extraChecksum(sums) ?? []);
  const read = () => source.openRange(key, { start: 0, end: sizeBytes, fingerprint, signal });
  const sums = await hashStream(sizeBytes === 0 ? Readable.from([]) : await read(), extras);
  refuseDamage(told, sums);
  return sums;
}
