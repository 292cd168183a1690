import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { MAX_UPLOAD_BYTES, type TraceOrigin, type UploadReply } from "@/features/traces/contract";
import { AppError, codeOf } from "@/lib/errors";
import { MS_PER_HOUR } from "@/lib/units";
import { decodeTraces } from "./decoding/decode-traces";
import { type OpenTrace, toOpenTrace } from "./open-trace";
import { summarise } from "./summarise";
import { TraceCache } from "./trace-cache";
import { findUploadedTrace, saveUploadedFile } from "./uploaded-trace-repository";

const unpack = promisify(gunzip);
const pack = promisify(gzip);

const KEPT_FOR_MS = 30 * 24 * MS_PER_HOUR;
/** A packed file may grow to this; a bomb grows further and is refused. */
const MAX_JSON_BYTES = 128 * 1024 * 1024;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

type HeldUpload = OpenTrace & { origin: TraceOrigin };

const cache = new TraceCache<HeldUpload>({ maxBytes: MAX_CACHE_BYTES });

type Upload = { bytes: Uint8Array; fileName: string; uploadedBy: string; now: Date };

/**
 * Takes in a trace file: JSON of OTLP or Jaeger, plain or gzip, told apart by its first bytes. Kept for 30 days.
 * Rejects with `unsupported_media_type`, `invalid_input` or `payload_too_large`; then nothing is kept.
 */
export async function saveUpload(
  { bytes, fileName, uploadedBy, now }: Upload,
  signal?: AbortSignal,
): Promise<UploadReply> {
  const json = await toJsonBytes(Buffer.from(bytes));
  const document = await decodeTraces(json, signal);
  if (document.spanCount === 0) throw new AppError("invalid_input", "The file holds no spans.");
  const fileId = createHash("sha256").update(json).digest("hex");
  const summaries = summarise(document);
  const refs = summaries.map(({ traceId }) => ({ id: uploadIdOf(fileId, traceId), traceId }));
  const expiresAt = new Date(now.getTime() + KEPT_FOR_MS);
  await saveUploadedFile(
    {
      id: fileId,
      body: new Uint8Array(await pack(json)),
      sizeBytes: json.length,
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
  const document = await decodeTraces(await unpack(file.body, { maxOutputLength: MAX_JSON_BYTES }), signal);
  const trace = toOpenTrace(document, traceId, now.getTime());
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

/** The JSON in a file, by its first bytes; the name is not asked. */
async function toJsonBytes(bytes: Buffer): Promise<Buffer> {
  if (bytes.length > MAX_UPLOAD_BYTES) throw new AppError("payload_too_large", "The file is larger than 20 MiB.");
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const json = withoutMark(isGzip ? await unpackUpload(bytes) : bytes);
  const first = json.subarray(0, 64).toString("latin1").trimStart()[0];
  if (first === "{") return json;
  throw new AppError("unsupported_media_type", "Upload a trace as JSON (OpenTelemetry or Jaeger), plain or gzip.");
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

async function unpackUpload(bytes: Buffer): Promise<Buffer> {
  try {
    return await unpack(bytes, { maxOutputLength: MAX_JSON_BYTES });
  } catch (cause) {
    if (codeOf(cause) === "ERR_BUFFER_TOO_LARGE") {
      throw new AppError("payload_too_large", "The file unpacks to more than 128 MiB.", { cause });
    }
    throw new AppError("invalid_input", "The file begins like gzip but cannot be unpacked.", { cause });
  }
}
