import * as z from "zod/mini";

/** `failed` keeps what was loaded so far, so that it can be removed. */
export const SAMPLE_STATES = ["absent", "loading", "present", "removing", "failed"] as const;
export type SampleState = (typeof SAMPLE_STATES)[number];

/** Reply of every verb on /api/sample. `detail` says what is being done, or what went wrong. */
export const sampleStatusSchema = z.object({
  state: z.enum(SAMPLE_STATES),
  detail: z.string(),
  updatedAt: z.nullable(z.iso.datetime()),
});
export type SampleStatus = z.infer<typeof sampleStatusSchema>;
