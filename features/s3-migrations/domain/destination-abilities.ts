import * as z from "zod/mini";

/** What the destination can do, probed before the first byte; decides the tier. */
export const abilitiesSchema = z.object({
  ifNoneMatch: z.boolean(),
  /** Refuses a PUT whose declared checksum is wrong. */
  enforcesChecksum: z.boolean(),
  /** Tells the stored checksum on HEAD. */
  storesChecksum: z.boolean(),
  contentMd5: z.boolean(),
  clockSkewMs: z.number(),
  /** Asked only where the plan wants them kept. */
  keepsTags: z.optional(z.boolean()),
  keepsGrants: z.optional(z.boolean()),
  keepsStorageClass: z.optional(z.boolean()),
});
export type DestinationAbilities = z.output<typeof abilitiesSchema>;
