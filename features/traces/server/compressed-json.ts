import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { BODY_ENCODING_HEADER } from "@/server/http/body-headers";

const compress = promisify(gzip);
/** Below this, packing costs more than it saves. */
const MIN_BYTES = 2048;

/** JSON as a response, gzip where the caller takes it. Level 1: level 6 takes thrice as long for 4 % less. */
export async function compressedJson(request: Request, json: string | Uint8Array): Promise<Response> {
  const headers = { "content-type": "application/json", "cache-control": "no-store", vary: "accept-encoding" };
  const takesGzip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  if (!takesGzip || json.length < MIN_BYTES) {
    return new Response(typeof json === "string" ? json : new Uint8Array(json), { headers });
  }
  const body = new Uint8Array(await compress(json, { level: 1 }));
  return new Response(body, { headers: { ...headers, [BODY_ENCODING_HEADER]: "gzip" } });
}
