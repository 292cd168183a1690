import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { z } from "zod";
import { AppError, codeOf } from "@/lib/errors";
import { parseJson, readBody } from "@/server/http/body";
import { plainWords } from "@/server/http/plain-words";
import { MAX_PACKED_BYTES, MAX_PLAIN_BYTES } from "./report-schemas";

const unpack = promisify(gunzip);
/** Bodies held in memory at once; each may be 8 MiB and its JSON several times that. */
const MAX_AT_ONCE = 8;

// Next evaluates route handlers as separate module graphs: one count per process lives on globalThis.
type Shared = { opsReportsAtOnce?: number };
const shared = globalThis as typeof globalThis & Shared;

/** Runs `work`, or sends the job away for a moment while too many reports are under way. */
export async function withRoom<T>(work: () => Promise<T>): Promise<T> {
  const underWay = shared.opsReportsAtOnce ?? 0;
  if (underWay >= MAX_AT_ONCE) {
    throw new AppError("unavailable", "Too many reports arrive at once. Keep this one and send it again.", {
      retryAfterSeconds: 1,
    });
  }
  shared.opsReportsAtOnce = underWay + 1;
  try {
    return await work();
  } finally {
    shared.opsReportsAtOnce = (shared.opsReportsAtOnce ?? 1) - 1;
  }
}

/** A JSON body, plain or packed with gzip, by its schema. Everything wrong with it has one of the codes a job knows. */
export async function readReport<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new AppError("unsupported_media_type", "Send application/json.");
  const body = toValue(await readPlain(request));
  const parsed = schema.safeParse(body, { error: plainWords(body) });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  const [first] = problems;
  throw new AppError("malformed", `${first?.field || "The body"}: ${first?.message ?? "is not valid"}`, { problems });
}

async function readPlain(request: Request): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return readBody(request, MAX_PLAIN_BYTES);
  if (encoding !== "gzip") throw new AppError("unsupported_media_type", "Send the body plain or packed with gzip.");
  const packed = await readBody(request, MAX_PACKED_BYTES);
  try {
    return await unpack(packed, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch (cause) {
    if (codeOf(cause) === "ERR_BUFFER_TOO_LARGE") {
      throw new AppError("payload_too_large", `The body unpacks to more than ${MAX_PLAIN_BYTES} bytes.`, { cause });
    }
    throw new AppError("malformed", "The body is not gzip, or was cut.", { cause });
  }
}

function toValue(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_input") {
      throw new AppError("malformed", error.message, { cause: error, problems: error.problems });
    }
    throw error;
  }
}
