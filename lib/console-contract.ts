import * as z from "zod/mini";

/** `GET /api/health`: what works, without versions or counts, since anybody may ask. */
export const healthSchema = z.strictObject({
  status: z.enum(["ok", "degraded", "down"]),
  components: z.array(
    z.strictObject({
      name: z.enum(["web", "database", "worker", "collector"]),
      status: z.enum(["ok", "degraded", "down"]),
      detail: z.optional(z.string()),
      /** When the component last said it lives. */
      seenAt: z.optional(z.iso.datetime()),
      /** Since when it is silent, where that is why it is not well. */
      since: z.optional(z.iso.datetime()),
      /** For how long it owes an answer, where that is longer than a probe waits: nothing yet, and soon more. */
      lateMs: z.optional(z.number()),
    }),
  ),
});
export type Health = z.infer<typeof healthSchema>;

/** Marks the failure of a page whose database was away while it was made. */
export const DATABASE_AWAY_DIGEST = "database-away";

/** `GET /api/processes`: the processes of this console, by name, then oldest first. */
export const processesSchema = z.strictObject({
  processes: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      host: z.string(),
      pid: z.number(),
      address: z.nullable(z.string()),
      rssBytes: z.number(),
      startedAt: z.iso.datetime(),
      seenAt: z.iso.datetime(),
      restarts: z.number(),
    }),
  ),
});
export type ConsoleProcesses = z.infer<typeof processesSchema>;
