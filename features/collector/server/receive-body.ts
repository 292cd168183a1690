import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import { AppError } from "@/lib/errors";
import { MAX_JSON_BYTES, MAX_PROTOBUF_BYTES, MAX_WIRE_BYTES } from "../domain/ingest-limits";

export type BodyEncoding = "protobuf" | "json";

/** The encoding a request announces, or a refusal. Parameters such as `charset` are ignored. */
export function bodyEncodingOf(request: IncomingMessage): BodyEncoding {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === "application/x-protobuf") return "protobuf";
  if (type === "application/json") return "json";
  throw new AppError("unsupported_media_type", "Send application/x-protobuf or application/json.");
}

/** Whether the body is gzip; any other or a second content encoding is refused. */
export function isGzip(request: IncomingMessage): boolean {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "gzip") return true;
  if (encoding === "identity" || encoding === "") return false;
  throw new AppError("unsupported_media_type", "The only content encoding taken is gzip, once.");
}

/**
 * Reads a request's body within its limits: never more than 8 MiB from the wire, inflating stops at 20 MiB for protobuf
 * and 8 MiB for JSON, whatever the compressed size promises.
 */
export async function receiveBody(request: IncomingMessage, encoding: BodyEncoding): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > MAX_WIRE_BYTES) throw tooLarge("on the wire", MAX_WIRE_BYTES);
  const maxBytes = encoding === "json" ? MAX_JSON_BYTES : MAX_PROTOBUF_BYTES;
  if (!isGzip(request)) return collect(request, Math.min(maxBytes, MAX_WIRE_BYTES), "on the wire");
  const gunzip = createGunzip();
  const inflated = collect(gunzip, maxBytes, "decompressed");
  const [result, feeding] = await Promise.allSettled([inflated, feed(request, gunzip)]);
  if (feeding.status === "rejected" && feeding.reason instanceof AppError) throw feeding.reason;
  if (result.status === "fulfilled") return result.value;
  if (result.reason instanceof AppError) throw result.reason;
  throw new AppError("invalid_input", "The body is not valid gzip.", { cause: result.reason });
}

/** Passes the wire bytes on, counting them; ends both sides on the first trouble. */
async function feed(request: IncomingMessage, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  let total = 0;
  const onClose = new Promise<void>((resolve) => gunzip.once("close", () => resolve()));
  for await (const chunk of request as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > MAX_WIRE_BYTES) {
      gunzip.destroy();
      throw tooLarge("on the wire", MAX_WIRE_BYTES);
    }
    if (gunzip.destroyed) break;
    if (!gunzip.write(chunk)) {
      await Promise.race([onClose, new Promise<void>((resolve) => gunzip.once("drain", () => resolve()))]);
    }
  }
  if (!gunzip.destroyed) gunzip.end();
}

async function collect(source: AsyncIterable<Buffer>, maxBytes: number, where: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(where, maxBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, total);
}

function tooLarge(where: string, maxBytes: number): AppError {
  return new AppError("payload_too_large", `The body is larger than ${maxBytes} bytes ${where}.`);
}
