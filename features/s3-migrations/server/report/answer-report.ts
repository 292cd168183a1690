import { Readable } from "node:stream";
import { BODY_POLICY_HEADER } from "@/server/http/body-headers";
import type { ManifestKeyReply, ReportAs, ReportFormat } from "../../contract";
import { getDetail } from "../migration-repository";
import { readPlace } from "../place-repository";
import { manifestKey } from "./manifest-key";
import { readReported } from "./report-repository";
import { writeHtml } from "./write-html";
import { writeManifest } from "./write-manifest";
import { writeCsv, writeJson } from "./write-report";

const TYPES: Record<ReportFormat, [type: string, ending: string]> = {
  html: ["text/html; charset=utf-8", "html"],
  csv: ["text/csv; charset=utf-8", "csv"],
  json: ["application/json", "json"],
  manifest: ["application/jsonl", "manifest.jsonl"],
};

/** A download that is written while it is read: one page of objects is in memory at a time. */
export async function answerReport(id: string, format: ReportFormat, as: ReportAs): Promise<Response> {
  const [type, ending] = TYPES[format];
  const isPage = format === "html" && as === "page";
  return new Response(Readable.toWeb(Readable.from(await reportText(id, format))) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": type,
      "content-disposition": `${isPage ? "inline" : "attachment"}; filename="s3-migration-${id}.${ending}"`,
      // Shown at the console's own address, it may still run nothing and reach nothing.
      ...(isPage && {
        [BODY_POLICY_HEADER]:
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-modals",
      }),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** The report's bytes, piece by piece; `not_found` before the first. */
export async function reportText(id: string, format: ReportFormat): Promise<AsyncGenerator<Buffer>> {
  const { no, destination } = await readPlace(id);
  const detail = await getDetail(id);
  const all = () => readReported(no, destination);
  const failed = () => readReported(no, destination, { failedOnly: true });
  switch (format) {
    case "csv":
      return toBytes(writeCsv(all()));
    case "json":
      return toBytes(writeJson(detail, failed()));
    case "html":
      return toBytes(writeHtml(detail, failed()));
    case "manifest":
      return toBytes(writeManifest({ ...detail.snapshot, destination }, all(), manifestKey()));
  }
}

/** The public half of the key that signs manifests. */
export async function readManifestKey(): Promise<ManifestKeyReply> {
  const { publicPem, fingerprint } = manifestKey();
  return { publicKey: publicPem, fingerprint };
}

async function* toBytes(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
