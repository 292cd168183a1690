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
const MAX_TAGS = 10;
const STANDARD = "STANDARD";
const PRIVATE = "private";
const STORAGE_CLASSES = new Set(
  "STANDARD STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE REDUCED_REDUNDANCY".split(" "),
);
const CANNED_ACLS = new Set([
  ...["private", "public-read", "authenticated-read", "bucket-owner-full-control", "bucket-owner-read"],
]);

type Described = Pick<StoredObject, "headers" | "metadata" | "storageClass" | "tags" | "acl">;

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
  return { headers: kept, metadata, ...optionsOf(headers) };
}

/** Class, tags and access rules a request asks for; only what is not the default. */
export function optionsOf(headers: IncomingHttpHeaders): Pick<Described, "storageClass" | "tags" | "acl"> {
  const storageClass = headers["x-amz-storage-class"]?.toString() ?? STANDARD;
  if (!STORAGE_CLASSES.has(storageClass))
    throw new S3Error("InvalidStorageClass", "The storage class you specified is not valid");
  const acl = headers["x-amz-acl"]?.toString() ?? PRIVATE;
  if (!CANNED_ACLS.has(acl)) throw new S3Error("InvalidArgument", "Unknown canned ACL", { ArgumentName: "x-amz-acl" });
  const tags = tagsOf(headers["x-amz-tagging"]?.toString() ?? "");
  return {
    ...(storageClass === STANDARD ? {} : { storageClass }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(acl === PRIVATE ? {} : { acl }),
  };
}

function tagsOf(text: string): [string, string][] {
  const tags = [...new URLSearchParams(text)];
  if (tags.length > MAX_TAGS) throw new S3Error("BadRequest", `Object tags cannot be greater than ${MAX_TAGS}`);
  if (tags.some(([name, value]) => name === "" || name.length > 128 || value.length > 256))
    throw new S3Error("InvalidTag", "The tag provided was not a valid tag.");
  return tags;
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
    ...(object.storageClass === undefined ? {} : { "x-amz-storage-class": object.storageClass }),
    ...(object.tags === undefined ? {} : { "x-amz-tagging-count": String(object.tags.length) }),
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
