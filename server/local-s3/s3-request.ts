import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./s3-error";

const MAX_KEY_BYTES = 1024;

/** A path-style S3 request, taken apart but not yet trusted. `bucket` or `key` is "" where the path has none. */
export type S3Target = {
  method: string;
  /** The decoded path, as the signature sees it before encoding it again. */
  path: string;
  bucket: string;
  key: string;
  query: ReadonlyMap<string, string>;
};

export type S3Request = S3Target & { headers: IncomingHttpHeaders; body: AsyncIterable<Buffer> };

/** What a handler answers; `body` is sent as is, streams included. */
export type S3Reply = {
  status: number;
  headers?: Record<string, string>;
  body?: string | AsyncIterable<Buffer>;
};

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function parseQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split("&").filter((part) => part !== "")) {
    const at = pair.indexOf("=");
    const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    query.set(decode(name.replaceAll("+", " ")), decode(value.replaceAll("+", " ")));
  }
  return query;
}

/**
 * Splits a raw request target. Nothing is normalised: `x//y`, `dir/`, `..` and a leading slash are keys like any other,
 * which is why keys never become file names here.
 */
export function parseTarget(method: string, url: string): S3Target {
  const at = url.indexOf("?");
  const rawPath = at < 0 ? url : url.slice(0, at);
  if (!rawPath.startsWith("/")) throw new S3Error("InvalidURI", "Couldn't parse the specified URI.");
  const path = decode(rawPath);
  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new S3Error("KeyTooLongError", "Your key is too long", {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: String(MAX_KEY_BYTES),
    });
  return { method, path, bucket, key, query: at < 0 ? new Map() : parseQuery(url.slice(at + 1)) };
}

/** A header as one string, or undefined. */
export function header(request: { headers: IncomingHttpHeaders }, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
