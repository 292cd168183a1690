import { AppError } from "@/lib/errors";
import { encodeTraces } from "./encode-traces";
import { MAX_JSON_BYTES, MAX_JSON_DEPTH, MAX_OBJECTS } from "./ingest-limits";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads an OTLP/JSON body into protobuf. Objects are counted and nesting is measured on the bytes first: 9 MB of
 * `[{},…]` would take 200 MB of heap once parsed.
 */
export function parseOtlpJson(body: Buffer): Buffer {
  if (body.length > MAX_JSON_BYTES) {
    throw new AppError("payload_too_large", `A JSON request may be at most ${MAX_JSON_BYTES} bytes.`);
  }
  assertReasonable(body);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AppError("invalid_input", "The body is not valid JSON.", { cause });
  }
  return encodeTraces(parsed);
}

function assertReasonable(body: Buffer): void {
  let depth = 0;
  let objects = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfString(body, at);
    else if (byte === 0x7b || byte === 0x5b) {
      objects += 1;
      depth += 1;
      if (depth > MAX_JSON_DEPTH) {
        throw new AppError("invalid_input", `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
      }
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  if (objects > MAX_OBJECTS) {
    throw new AppError("payload_too_large", `A request may hold at most ${MAX_OBJECTS} objects.`);
  }
}

/** Index of the closing quote of the string that opens at `start`, or the end of the body. */
function endOfString(body: Buffer, start: number): number {
  let end = body.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(body, end)) end = body.indexOf(QUOTE, end + 1);
  return end === -1 ? body.length : end;
}

function isEscaped(body: Buffer, quote: number): boolean {
  let slashes = 0;
  while (body[quote - 1 - slashes] === BACKSLASH) slashes += 1;
  return slashes % 2 === 1;
}
