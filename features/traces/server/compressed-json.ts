import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { BODY_ENCODING_HEADER } from "@/server/http/body-encoding";

const compress = promisify(gzip);
/** Below this, packing costs more than it saves. */
const MIN_BYTES = 2048;

/** JSON text as a response, gzip where the caller takes it. Level 1: level 6 takes thrice as long for 4 % less. */
export async function compressedJson(request: Request, text: string): Promise<Response> {
  const headers = { "content-type": "application/json", "cache-control": "no-store", vary: "accept-encoding" };
  const takesGzip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  if (!takesGzip || text.length < MIN_BYTES) return new Response(text, { headers });
  const body = new Uint8Array(await compress(text, { level: 1 }));
  return new Response(body, { headers: { ...headers, [BODY_ENCODING_HEADER]: "gzip" } });
}
