import * as z from "zod/mini";

export const REPORT_FORMATS = ["html", "csv", "json", "manifest"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `GET …/{id}/report?format&as`: CSV holds every object, HTML and JSON the numbers and what failed, the manifest the proof. */
export const reportQuerySchema = z.strictObject({
  format: z._default(z.enum(REPORT_FORMATS), "html"),
  /** `page`: shown by the browser instead of saved; means something for HTML only. */
  as: z._default(z.enum(["file", "page"]), "file"),
});
export type ReportAs = z.output<typeof reportQuerySchema>["as"];

/** `GET /api/s3-migrations/manifest-key`: PEM, and the SHA-256 of its DER form in hex. */
export const manifestKeyReplySchema = z.object({ publicKey: z.string(), fingerprint: z.string() });
export type ManifestKeyReply = z.output<typeof manifestKeyReplySchema>;
