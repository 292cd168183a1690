import { DEFAULT_ALGORITHM } from "./checksum";
import { assertWritable, isNotModified } from "./conditions";
import { readSpan } from "./data-files";
import { checksumHeaders, describedBy, KEPT_HEADERS, parseRange, quoted, replyHeaders } from "./object-headers";
import type { Operation, OperationContext } from "./operation";
import { S3Error } from "./s3-error";
import { header } from "./s3-request";
import type { StoredChecksum, StoredObject } from "./stored-object";
import { type BodyDigests, VerifiedBody } from "./verified-body";
import { type XmlNode, xmlDocument } from "./xml";

const MAX_PUT_BYTES = 5 * 1024 ** 3;

export function noSuchKey(key: string): S3Error {
  return new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });
}

function keptChecksum(digests: BodyDigests): StoredChecksum {
  const algorithm = digests.promised ?? DEFAULT_ALGORITHM;
  return { algorithm, type: "FULL_OBJECT", value: digests.checksums.get(algorithm) ?? "" };
}

/** PutObject: kept only if every promise about the body holds, and the condition holds at the moment of commit. */
export const putObject: Operation = async ({ request, auth, catalog, nowMs }) => {
  const bucket = catalog.bucket(request.bucket);
  if (header(request, "content-length") === undefined && header(request, "transfer-encoding") === undefined)
    throw new S3Error("MissingContentLength", "You must provide the Content-Length HTTP header.");
  const described = describedBy(request.headers);
  const promised = Object.keys(request.headers).some((name) => /^x-amz-(checksum-|trailer)/.test(name));
  const body = new VerifiedBody(request, auth, MAX_PUT_BYTES, promised ? [] : [DEFAULT_ALGORITHM]);
  const dataId = await bucket.data.write(body.chunks());
  const digests = body.digests();
  const object: StoredObject = {
    key: request.key,
    dataId,
    sizeBytes: digests.sizeBytes,
    etag: digests.md5Hex,
    lastModifiedMs: nowMs,
    checksum: keptChecksum(digests),
    ...described,
  };
  await bucket.put(object, (current) => assertWritable(request.headers, current));
  return { status: 200, headers: { etag: quoted(object.etag), ...checksumHeaders(object) } };
};

function wantsChecksum({ request }: OperationContext): boolean {
  return header(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED";
}

function overrides({ request }: OperationContext): Record<string, string> {
  const given = KEPT_HEADERS.map((name) => [name, request.query.get(`response-${name}`)] as const);
  return Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** HeadObject. */
export const headObject: Operation = (context) => {
  const { request, catalog } = context;
  const object = catalog.bucket(request.bucket).get(request.key);
  if (object === undefined) throw noSuchKey(request.key);
  if (isNotModified(request.headers, object)) return { status: 304, headers: { etag: quoted(object.etag) } };
  const headers = { ...replyHeaders(object, wantsChecksum(context)), ...overrides(context) };
  const range = parseRange(header(request, "range"), object.sizeBytes);
  if (range === undefined) return { status: 200, headers };
  return { status: 206, headers: { ...headers, ...rangeHeaders(range, object.sizeBytes) } };
};

function rangeHeaders({ from, to }: { from: number; to: number }, sizeBytes: number): Record<string, string> {
  return { "content-range": `bytes ${from}-${to}/${sizeBytes}`, "content-length": String(to - from + 1) };
}

/** GetObject, whole or one range. The checksum of the whole is not sent with a part of it. */
export const getObject: Operation = async (context) => {
  const { request, catalog } = context;
  const opened = await catalog.bucket(request.bucket).openObject(request.key);
  if (opened === undefined) throw noSuchKey(request.key);
  const { object, handle } = opened;
  try {
    if (isNotModified(request.headers, object)) {
      await handle.close();
      return { status: 304, headers: { etag: quoted(object.etag) } };
    }
    const range = parseRange(header(request, "range"), object.sizeBytes);
    const headers = { ...replyHeaders(object, wantsChecksum(context) && range === undefined), ...overrides(context) };
    const { from, to } = range ?? { from: 0, to: object.sizeBytes - 1 };
    const body = readSpan(handle, from, to);
    if (range === undefined) return { status: 200, headers, body };
    return { status: 206, headers: { ...headers, ...rangeHeaders(range, object.sizeBytes) }, body };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/** DeleteObject: 204 whether or not it was there, unless If-Match says otherwise. */
export const deleteObject: Operation = async ({ request, catalog }) => {
  await catalog.bucket(request.bucket).delete(request.key, (current) => {
    if (header(request, "if-match") !== undefined) assertWritable({ "if-match": header(request, "if-match") }, current);
  });
  return { status: 204 };
};

function attributeNodes(object: StoredObject, wanted: ReadonlySet<string>): XmlNode[] {
  const { checksum } = object;
  const names: Record<string, XmlNode[]> = {
    ETag: [["ETag", object.etag]],
    Checksum: [
      [
        "Checksum",
        [
          [`Checksum${checksum.algorithm}`, checksum.value],
          ["ChecksumType", checksum.type],
        ],
      ],
    ],
    ObjectParts: object.partCount === undefined ? [] : [["ObjectParts", [["PartsCount", object.partCount]]]],
    StorageClass: [["StorageClass", object.storageClass ?? "STANDARD"]],
    ObjectSize: [["ObjectSize", object.sizeBytes]],
  };
  const unknown = [...wanted].filter((name) => names[name] === undefined);
  if (unknown.length > 0)
    throw new S3Error("InvalidArgument", "Invalid attribute name specified.", { ArgumentValue: unknown.join(",") });
  return Object.entries(names).flatMap(([name, nodes]) => (wanted.has(name) ? nodes : []));
}

/** GetObjectAttributes. */
export const getObjectAttributes: Operation = ({ request, catalog }) => {
  const object = catalog.bucket(request.bucket).get(request.key);
  if (object === undefined) throw noSuchKey(request.key);
  const wanted = (header(request, "x-amz-object-attributes") ?? "").split(",").map((name) => name.trim());
  if (wanted[0] === "")
    throw new S3Error(
      "InvalidRequest",
      "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
    );
  return {
    status: 200,
    headers: { "last-modified": new Date(object.lastModifiedMs).toUTCString() },
    body: xmlDocument("GetObjectAttributesResponse", attributeNodes(object, new Set(wanted))),
  };
};
