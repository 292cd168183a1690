import * as z from "zod/mini";
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
  previousVersion: z.nullable(z.string()),
});
export type Deploy = z.infer<typeof deploySchema>;

export const deploysQuerySchema = z
  .strictObject({ service: z.optional(searchText), start: z.optional(epochMs), end: z.optional(epochMs) })
  .check(z.refine(...windowIsForward));
export type DeploysQuery = z.output<typeof deploysQuerySchema>;
/** Newest first, at most 500. */
export const deploysReplySchema = z.object({ deploys: z.array(deploySchema) });

/** `POST /api/deploys`. The same service and version again within a day moves the deploy instead of adding one. */
export const reportDeploySchema = z.strictObject({
  service: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)),
  version: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
  /** Epoch milliseconds or an ISO time; now when absent. */
  at: z.optional(
    z.union([
      z.number().check(z.int(), z.minimum(0), z.maximum(8.64e15)),
      z.pipe(
        z.iso.datetime({ offset: true }),
        z.transform((text) => Date.parse(text)),
      ),
    ]),
  ),
});
export type ReportDeploy = z.output<typeof reportDeploySchema>;
export const reportedDeploySchema = z.object({ deploy: deploySchema });
