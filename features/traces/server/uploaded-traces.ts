import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import {
  MAX_UPLOAD_BYTES,
  MAX_UPLOAD_JSON_BYTES,
  type TraceOrigin,
  type UploadReply,
} from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { MS_PER_HOUR } from "@/lib/units";
import type { OpenTrace } from "./open-trace";
import type { ByteSink } from "./threads/arriving-bytes";
import { TraceBytes } from "./threads/trace-bytes";
import { TraceCache } from "./trace-cache";
import { IDLE_MS } from "./trace-library";
import { findUploadedTrace, saveUploadedFile } from "./uploaded-trace-repository";

const pack = promisify(gzip);

const KEPT_FOR_MS = 30 * 24 * MS_PER_HOUR;
const SLICE_BYTES = 1024 * 1024;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

type HeldUpload = OpenTrace & { origin: TraceOrigin };

const cache = new TraceCache<HeldUpload>({ maxBytes: MAX_CACHE_BYTES, idleMs: IDLE_MS });

type Upload = { bytes: Uint8Array; fileName: string; uploadedBy: string; now: Date };

/**
 * Takes in a trace file: JSON of OTLP or Jaeger, plain or gzip, told apart by its first bytes. Kept for 30 days.
 * Rejects with `unsupported_media_type`, `invalid_input` or `payload_too_large`; then nothing is kept.
 */
export async function saveUpload(
  { bytes, fileName, uploadedBy, now }: Upload,
  signal?: AbortSignal,
): Promise<UploadReply> {
  const file = Buffer.from(bytes);
  if (file.length > MAX_UPLOAD_BYTES)
    throw new AppError(
      "payload_too_large",
      "The file is larger than 20 MiB. Packed with gzip it may unpack to 256 MiB.",
    );
  const json = new TraceBytes({ kind: "summaries" }, { maxBytes: MAX_UPLOAD_JSON_BYTES });
  const { fileId, sizeBytes } = await feedJson(file, json);
  const { spanCount, summaries } = await json.decoded(signal);
  if (spanCount === 0) throw new AppError("invalid_input", "The file holds no spans.");
  const refs = summaries.map(({ traceId }) => ({ id: uploadIdOf(fileId, traceId), traceId }));
  const expiresAt = new Date(now.getTime() + KEPT_FOR_MS);
  await saveUploadedFile(
    {
      id: fileId,
      body: new Uint8Array(isGzip(file) ? file : await pack(file)),
      sizeBytes,
      fileName,
      uploadedBy,
      uploadedAt: now,
      expiresAt,
    },
    refs,
  );
  const traces = summaries.map((summary) => ({ ...summary, traceId: uploadIdOf(fileId, summary.traceId) }));
  return { traces, expiresAt: expiresAt.toISOString() };
}

export function isUploadId(traceId: string): boolean {
  return traceId.startsWith("upload-");
}

/** An uploaded trace; `not_found` when it never was or has expired. */
export async function openUpload(id: string, now: Date, signal?: AbortSignal): Promise<HeldUpload> {
  return cache.get(id) ?? cache.load(id, (shared) => readUpload(id, now, shared), signal);
}

async function readUpload(id: string, now: Date, signal: AbortSignal): Promise<HeldUpload> {
  const found = await findUploadedTrace(id, now);
  if (found === undefined) throw new AppError("not_found", "This uploaded trace does not exist any more.");
  const { file, traceId } = found;
  const json = new TraceBytes(
    { kind: "open", traceId, nowMs: () => now.getTime() },
    { maxBytes: MAX_UPLOAD_JSON_BYTES },
  );
  await feedJson(Buffer.from(file.body), json);
  const trace = await json.decoded(signal);
  return {
    ...trace,
    traceId: id,
    facts: { ...trace.facts, isSettled: true },
    origin: {
      kind: "upload",
      fileName: file.fileName,
      uploadedBy: file.uploadedBy,
      uploadedAt: file.uploadedAt.toISOString(),
      expiresAt: file.expiresAt.toISOString(),
    },
  };
}

function uploadIdOf(fileId: string, traceId: string): string {
  return `upload-${createHash("sha256").update(`${fileId} ${traceId}`).digest("hex").slice(0, 32)}`;
}

/**
 * The JSON in a file, told by its first bytes and not by its name, piece by piece into `json`. Rejects with
 * `unsupported_media_type`, `invalid_input` for broken gzip, `payload_too_large`.
 */
async function feedJson(file: Buffer, json: ByteSink): Promise<{ fileId: string; sizeBytes: number }> {
  const hash = createHash("sha256");
  let isFirst = true;
  try {
    for await (const piece of isGzip(file) ? unpacked(file) : slices(file)) {
      const chunk = isFirst ? withoutMark(piece) : piece;
      if (isFirst) assertJson(chunk);
      isFirst = false;
      if (json.length + chunk.length > MAX_UPLOAD_JSON_BYTES) {
        throw new AppError("payload_too_large", "The file unpacks to more than 256 MiB.");
      }
      hash.update(chunk);
      json.append(chunk);
    }
  } catch (cause) {
    json.giveUp();
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_input", "The file begins like gzip but cannot be unpacked.", { cause });
  }
  if (isFirst) assertJson(file);
  return { fileId: hash.digest("hex"), sizeBytes: json.length };
}

function assertJson(head: Buffer): void {
  const first = head.subarray(0, 64).toString("latin1").trimStart()[0];
  // Blanks may precede it; what they precede is the decoder's to judge.
  if (first === "{" || (first === undefined && head.length > 0)) return;
  throw new AppError("unsupported_media_type", "Upload a trace as JSON (OpenTelemetry or Jaeger), plain or gzip.");
}

const isGzip = (file: Buffer): boolean => file[0] === 0x1f && file[1] === 0x8b;

function unpacked(file: Buffer): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  Readable.from(slices(file)).pipe(gunzip);
  return gunzip;
}

/** Others go between two pieces. */
async function* slices(file: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += SLICE_BYTES) {
    yield file.subarray(at, at + SLICE_BYTES);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
