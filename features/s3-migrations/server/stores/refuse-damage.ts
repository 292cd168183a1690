import type { ToldSums } from "./object-store";
import { StoreError } from "./store-error";
import { isSameByTold } from "./told-checksums";

/** Throws `integrity` when bytes that arrived are not those their store says it holds. What it does not tell passes. */
export function refuseDamage(told: ToldSums, sums: ToldSums): void {
  const isMd5 = told.md5 === undefined || sums.md5 === undefined || told.md5 === sums.md5;
  if (isMd5 && isSameByTold(told, sums) !== false) return;
  throw new StoreError({
    errorClass: "integrity",
    code: "SourceDamaged",
    message: "The bytes read from the source do not have the checksum it tells for them.",
  });
}
