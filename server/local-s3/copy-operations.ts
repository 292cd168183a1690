import type { FileHandle } from "node:fs/promises";
import type { Bucket } from "./bucket";
import { cryptoHasher, hasherFor, parseAlgorithm } from "./checksum";
import { assertCopySource, assertWritable } from "./conditions";
import { readSpan } from "./data-files";
import { checksumHeaders, describedBy, optionsOf, parseRange, quoted } from "./object-headers";
import { noSuchKey } from "./object-operations";
import type { Operation, OperationContext } from "./operation";
import { S3Error } from "./s3-error";
import { header, parseTarget } from "./s3-request";
import type { StoredChecksum, StoredObject } from "./stored-object";
import { type XmlNode, xmlDocument } from "./xml";

/** The source a request names, its preconditions already held. */
export function copySource({ request, catalog }: OperationContext): { bucket: Bucket; object: StoredObject } {
  const text = header(request, "x-amz-copy-source") ?? "";
  const source = parseTarget("GET", text.startsWith("/") ? text : `/${text}`);
  if (source.query.has("versionId")) throw new S3Error("NotImplemented", "This server keeps no versions.");
  if (source.key === "")
    throw new S3Error("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  const bucket = catalog.bucket(source.bucket);
  const object = bucket.get(source.key);
  if (object === undefined) throw noSuchKey(source.key);
  assertCopySource(request.headers, object);
  return { bucket, object };
}

async function openSource(bucket: Bucket, object: StoredObject): Promise<FileHandle> {
  const handle = await bucket.data.open(object.dataId);
  if (handle === undefined)
    throw new S3Error("PreconditionFailed", "The source was replaced while it was being copied.");
  return handle;
}

/** The bytes a copy takes from its source: all, or `x-amz-copy-source-range`. */
export async function readCopySource(context: OperationContext): Promise<AsyncIterable<Buffer>> {
  const { bucket, object } = copySource(context);
  const text = header(context.request, "x-amz-copy-source-range");
  const range = parseRange(text, object.sizeBytes);
  if (text !== undefined && range === undefined)
    throw new S3Error("InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last");
  const handle = await openSource(bucket, object);
  return readSpan(handle, range?.from ?? 0, range?.to ?? object.sizeBytes - 1);
}

/** A copy keeps its source's checksum, unless it asks for another or the source's is of parts that are no more. */
async function copiedChecksum(
  context: OperationContext,
  bucket: Bucket,
  object: StoredObject,
): Promise<StoredChecksum> {
  const wanted = parseAlgorithm(header(context.request, "x-amz-checksum-algorithm")) ?? object.checksum.algorithm;
  if (wanted === object.checksum.algorithm && object.checksum.type === "FULL_OBJECT") return object.checksum;
  const hasher = hasherFor(wanted);
  for await (const piece of readSpan(await openSource(bucket, object), 0, object.sizeBytes - 1)) hasher.update(piece);
  return { algorithm: wanted, type: "FULL_OBJECT", value: hasher.digest().toString("base64") };
}

async function copiedEtag(bucket: Bucket, object: StoredObject): Promise<string> {
  if (object.partCount === undefined) return object.etag;
  const hasher = cryptoHasher("md5");
  for await (const piece of readSpan(await openSource(bucket, object), 0, object.sizeBytes - 1)) hasher.update(piece);
  return hasher.digest().toString("hex");
}

function directive(context: OperationContext): "COPY" | "REPLACE" {
  const text = header(context.request, "x-amz-metadata-directive") ?? "COPY";
  if (text !== "COPY" && text !== "REPLACE") throw new S3Error("InvalidArgument", "Unknown metadata directive.");
  return text;
}

/** CopyObject: the bytes are shared on disk, the description is the source's or, with REPLACE, the request's. */
export const copyObject: Operation = async (context) => {
  const { request, catalog, nowMs } = context;
  const target = catalog.bucket(request.bucket);
  const { bucket, object: source } = copySource(context);
  const isReplaced = directive(context) === "REPLACE";
  if (!isReplaced && bucket === target && source.key === request.key)
    throw new S3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const isRetagged = header(request, "x-amz-tagging-directive") === "REPLACE";
  const { tags: asked, ...own } = optionsOf(request.headers);
  const tags = isRetagged ? asked : source.tags;
  const { headers, metadata } = isReplaced ? describedBy(request.headers) : source;
  const described = { headers, metadata, ...own, ...(tags === undefined ? {} : { tags }) };
  const checksum = await copiedChecksum(context, bucket, source);
  const etag = await copiedEtag(bucket, source);
  const dataId = await bucket.data.duplicate(source.dataId, target.data);
  const { sizeBytes } = source;
  const object = { key: request.key, dataId, sizeBytes, etag, lastModifiedMs: nowMs, checksum, ...described };
  await target.put(object, (current) => assertWritable(request.headers, current));
  return { status: 200, body: xmlDocument("CopyObjectResult", copyResult(object)), headers: checksumHeaders(object) };
};

function copyResult(object: StoredObject): XmlNode[] {
  return [
    ["LastModified", new Date(object.lastModifiedMs).toISOString()],
    ["ETag", quoted(object.etag)],
    [`Checksum${object.checksum.algorithm}`, object.checksum.value],
    ["ChecksumType", object.checksum.type],
  ];
}
