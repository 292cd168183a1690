import * as z from "zod/mini";
import { MIGRATION_PHASES, MIGRATION_STATES } from "./states";

const count = z.number().check(z.int(), z.minimum(0));
const iso = z.iso.datetime();

/** What a snapshot says of the phases around the copy: looks at the source, approval, cutover, soak, retire. */
export const phaseShape = {
  /** Number of the last sealed look at the source; 0 is the first listing. */
  epoch: count,
  delta: z.object({
    /** "clean": the last look found nothing new. "limit": it did, and the engine may not look again by itself. */
    outcome: z.nullable(z.enum(["clean", "limit"])),
    /** The engine looks again by itself up to this epoch. */
    until: count,
    /** Keys listed so far by the look under way; null when none is. */
    listed: z.nullable(count),
  }),
  /** A look that listed so much less that a person must accept it before it counts. */
  shrink: z.nullable(z.object({ listed: count })),
  /** Names what would be started: stores, options and inventory. Null before the inventory is sealed. */
  planHash: z.nullable(z.string()),
  /** `planHash` is null when it was started before there was a plan to see. */
  approval: z.nullable(z.object({ by: z.string(), at: iso, planHash: z.nullable(z.string()) })),
  cutover: z.nullable(z.object({ by: z.string(), at: iso })),
  soak: z.nullable(
    z.object({
      until: iso,
      isOver: z.boolean(),
      /** Objects proven again meanwhile, and how many of them were not as they should be. */
      checked: count,
      wrong: count,
    }),
  ),
  retire: z.nullable(
    z.object({ askedBy: z.string(), askedAt: iso, approvedBy: z.nullable(z.string()), approvedAt: z.nullable(iso) }),
  ),
  /** Keys at the destination that the source does not have; null where nobody looked. */
  orphans: z.nullable(z.object({ objects: count, bytes: count })),
};

/** One sealed look at the source. `objects` and `bytes` are those of its own epoch: added and changed. */
export const passSchema = z.object({
  epoch: count,
  sealedAt: iso,
  listed: count,
  added: count,
  changed: count,
  vanished: count,
  objects: count,
  bytes: count,
  chunks: count,
});
export type Pass = z.output<typeof passSchema>;

/** When a phase or state was entered, oldest first. */
export const phaseEntrySchema = z.object({
  phase: z.enum(MIGRATION_PHASES),
  state: z.enum(MIGRATION_STATES),
  at: iso,
});
export type PhaseEntry = z.output<typeof phaseEntrySchema>;

/** `GET …/{id}/orphans?after&limit`: keyset pages in key order. */
export const orphansQuerySchema = z.strictObject({
  after: z.optional(z.string().check(z.maxLength(1024))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000)), 100),
});
export type OrphansQuery = z.input<typeof orphansQuerySchema>;
export const orphansReplySchema = z.object({
  orphans: z.array(z.object({ key: z.string(), sizeBytes: count })),
  nextAfter: z.nullable(z.string()),
});
export type OrphansReply = z.output<typeof orphansReplySchema>;
