import type { ToldSums } from "./object-store";
import { StoreError } from "./store-error";

/** Throws `integrity` when bytes that arrived are not those their store says it holds. What it does not tell passes. */
export function refuseDamage(told: ToldSums, { crc32, md5 }: { crc32: string; md5?: string }): void {
  const isCrc = told.crc32 === undefined || told.crc32 === crc32;
  const isMd5 = told.md5 === undefined || md5 === undefined || told.md5 === md5;
  if (isCrc && isMd5) return;
  throw new StoreError({
    errorClass: "integrity",
    code: "SourceDamaged",
    message: "The bytes read from the source do not have the checksum it tells for them.",
  });
}
