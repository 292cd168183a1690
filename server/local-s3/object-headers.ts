import type { IncomingHttpHeaders } from "node:http";
import { checksumHeader } from "./checksum";
import { S3Error } from "./s3-error";
import type { StoredObject } from "./stored-object";

/** The headers S3 keeps with an object; a read may override each with `response-<name>`. */
export const KEPT_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];
const METADATA_PREFIX = "x-amz-meta-";
const MAX_METADATA_BYTES = 2048;

type Described = Pick<StoredObject, "headers" | "metadata">;

/** What the client wants kept with the object. `aws-chunked` describes the transfer, not the object: it is cut. */
export function describedBy(headers: IncomingHttpHeaders): Described {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name]?.toString();
    if (value !== undefined) kept[name] = value;
  }
  const encodings = (kept["content-encoding"] ?? "").split(",").map((item) => item.trim());
  const encoding = encodings.filter((item) => item !== "" && item !== "aws-chunked").join(",");
  if (encoding === "") delete kept["content-encoding"];
  else kept["content-encoding"] = encoding;
  kept["content-type"] ??= "binary/octet-stream";
  const metadata: Record<string, string> = {};
  let sizeBytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(METADATA_PREFIX)) continue;
    const pair = [name.slice(METADATA_PREFIX.length), String(value)] as const;
    sizeBytes += pair[0].length + pair[1].length;
    metadata[pair[0]] = pair[1];
  }
  if (sizeBytes > MAX_METADATA_BYTES)
    throw new S3Error("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
  return { headers: kept, metadata };
}

export const quoted = (etag: string): string => `"${etag}"`;

/** The stored checksum as reply headers. */
export function checksumHeaders({ checksum }: Pick<StoredObject, "checksum">): Record<string, string> {
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}

/** Reply headers of HEAD and GET. */
export function replyHeaders(object: StoredObject, withChecksum: boolean): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [METADATA_PREFIX + name, value]);
  return {
    ...object.headers,
    ...Object.fromEntries(metadata),
    ...(withChecksum ? checksumHeaders(object) : {}),
    "accept-ranges": "bytes",
    etag: quoted(object.etag),
    "last-modified": new Date(object.lastModifiedMs).toUTCString(),
    "content-length": String(object.sizeBytes),
  };
}

/**
 * A single byte range (RFC 9110 §14.1.2). Undefined: no range, several, or one that does not parse; the whole object is
 * sent. Throws InvalidRange for a range outside the object.
 */
export function parseRange(text: string | undefined, sizeBytes: number): { from: number; to: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  const isSuffix = match[1] === "";
  const from = isSuffix ? Math.max(0, sizeBytes - Number(match[2])) : Number(match[1]);
  const to = isSuffix || match[2] === "" ? sizeBytes - 1 : Math.min(Number(match[2]), sizeBytes - 1);
  if (!isSuffix && match[2] !== "" && Number(match[2]) < from) return undefined;
  if (from >= sizeBytes || (isSuffix && Number(match[2]) === 0))
    throw new S3Error("InvalidRange", "The requested range is not satisfiable", {
      ActualObjectSize: String(sizeBytes),
    });
  return { from, to };
}
