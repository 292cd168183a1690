import * as z from "zod/mini";

const count = z.number().check(z.int(), z.minimum(0));

/** `GET …/{id}/uploads`: at most 200 of each. */
export const uploadsReplySchema = z.object({
  /** Begun by this migration and not ended: gone on with, or aborted once nobody copies the object any more. */
  own: z.array(z.object({ key: z.string(), startedAt: z.iso.datetime(), parts: count, ofParts: z.nullable(count) })),
  /** Begun by others, as last seen after copying: never touched. */
  others: z.array(
    z.object({ key: z.string(), uploadId: z.string(), startedAt: z.iso.datetime(), seenAt: z.iso.datetime() }),
  ),
});
export type UploadsReply = z.output<typeof uploadsReplySchema>;
