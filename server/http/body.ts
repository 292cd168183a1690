import { AppError } from "@/lib/errors";

const MAX_JSON_DEPTH = 32;

/** Reads a body up to `maxBytes` and no further; more is refused before it is held. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request.body ?? []) {
    total += chunk.byteLength;
    if (total > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a JSON body: content type, size and nesting checked before anything walks it. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new AppError("unsupported_media_type", "Send application/json.");
  return parseJson(await readBody(request, maxBytes));
}

/** JSON as UTF-8; nesting is checked before anything walks it. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  if (isDeeperThan(text, MAX_JSON_DEPTH)) {
    throw new AppError("invalid_input", `The body nests deeper than ${MAX_JSON_DEPTH} levels.`, {
      problems: [{ field: "", message: "nests too deep" }],
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", "The body is not valid JSON.", {
      cause,
      problems: [{ field: "", message: "is not JSON" }],
    });
  }
}

/** Counts brackets outside strings, without recursion: JSON.parse takes any depth, what walks the value later does not. */
function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("invalid_input", "The body is not UTF-8.", {
      cause,
      problems: [{ field: "", message: "is not UTF-8" }],
    });
  }
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("payload_too_large", `The body is larger than ${maxBytes} bytes.`);
}
