import * as z from "zod/mini";

const iso = z.iso.datetime();

/** When a phase may end, or why nobody can say. */
export const etaSchema = z.discriminatedUnion("kind", [
  /** Nothing is running, or nothing is left. */
  z.object({ kind: z.literal("none") }),
  /** Too early to say: less than 60 s, or too few objects; or the inventory is not sealed. */
  z.object({ kind: z.literal("estimating") }),
  /** Nothing finished since `since`: no forecast is honest. */
  z.object({ kind: z.literal("stalled"), since: iso }),
  /** 20th to 80th percentile of the finish; `isOver30Days` caps what nobody should plan by. */
  z.object({ kind: z.literal("range"), earliestAt: iso, latestAt: iso, isOver30Days: z.boolean() }),
]);
export type Eta = z.output<typeof etaSchema>;
