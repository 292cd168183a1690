import { z } from "zod";
import { epochMs, searchText, windowIsForward } from "../request-fields";

/** A version of a service and since when it runs. */
export const deploySchema = z.object({
  id: z.string(),
  service: z.string(),
  version: z.string(),
  atUs: z.number(),
  /** `reported`: posted to the console; `seen`: read off `service.version` in traces, so `atUs` is the first trace seen. */
  origin: z.enum(["reported", "seen"]),
  /** Version that ran before, where known. */
  previousVersion: z.string().nullable(),
});
export type Deploy = z.infer<typeof deploySchema>;

export const deploysQuerySchema = z
  .strictObject({ service: searchText.optional(), start: epochMs.optional(), end: epochMs.optional() })
  .refine(...windowIsForward);
export type DeploysQuery = z.output<typeof deploysQuerySchema>;
/** Newest first, at most 500. */
export const deploysReplySchema = z.object({ deploys: z.array(deploySchema) });

/** `POST /api/deploys`. The same service and version again within a day moves the deploy instead of adding one. */
export const reportDeploySchema = z.strictObject({
  service: z.string().trim().min(1).max(500),
  version: z.string().trim().min(1).max(200),
  /** Epoch milliseconds or an ISO time; now when absent. */
  at: z
    .union([
      z.number().int().min(0).max(8.64e15),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ])
    .optional(),
});
export type ReportDeploy = z.output<typeof reportDeploySchema>;
export const reportedDeploySchema = z.object({ deploy: deploySchema });
