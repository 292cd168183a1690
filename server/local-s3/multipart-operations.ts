import { randomBytes } from "node:crypto";
import { z } from "zod";
import { assembleParts } from "./assemble-parts";
import { type ChecksumType, checksumHeader, DEFAULT_ALGORITHM, parseAlgorithm } from "./checksum";
import { assertWritable } from "./conditions";
import { readCopySource } from "./copy-operations";
import { checksumHeaders, describedBy, quoted } from "./object-headers";
import type { Operation, OperationContext } from "./operation";
import { S3Error } from "./s3-error";
import { header } from "./s3-request";
import type { StoredPart, StoredUpload } from "./stored-object";
import { readText, VerifiedBody } from "./verified-body";
import { malformed, parseXml, type XmlNode, xmlDocument } from "./xml";

const MAX_PART_BYTES = 5 * 1024 ** 3;
const MAX_PARTS = 10_000;
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
const PAGE = 1000;

function checksumType(text: string | undefined, algorithm: StoredUpload["algorithm"], isAsked: boolean): ChecksumType {
  const isWhole = !isAsked || algorithm === "CRC64NVME";
  const type = text ?? (isWhole ? "FULL_OBJECT" : "COMPOSITE");
  const isKnown = type === "FULL_OBJECT" || type === "COMPOSITE";
  const isPossible = type === "FULL_OBJECT" ? !algorithm.startsWith("SHA") : !isWhole;
  if (!isKnown || !isPossible)
    throw new S3Error(
      "InvalidRequest",
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return type;
}

/** CreateMultipartUpload. */
export const createMultipartUpload: Operation = async ({ request, catalog, nowMs }) => {
  const asked = parseAlgorithm(header(request, "x-amz-checksum-algorithm"));
  const algorithm = asked ?? DEFAULT_ALGORITHM;
  const upload: StoredUpload = {
    uploadId: randomBytes(24).toString("base64url"),
    key: request.key,
    initiatedMs: nowMs,
    algorithm,
    isAlgorithmAsked: asked !== undefined,
    type: checksumType(header(request, "x-amz-checksum-type"), algorithm, asked !== undefined),
    ...describedBy(request.headers),
  };
  await catalog.bucket(request.bucket).createUpload(upload);
  const nodes: XmlNode[] = [
    ["Bucket", request.bucket],
    ["Key", request.key],
    ["UploadId", upload.uploadId],
  ];
  const headers = { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": upload.type };
  return {
    status: 200,
    headers: asked === undefined ? {} : headers,
    body: xmlDocument("InitiateMultipartUploadResult", nodes),
  };
};

function uploadOf({ request, catalog }: OperationContext) {
  return catalog.bucket(request.bucket).upload(request.query.get("uploadId") ?? "", request.key);
}

function partNumberOf({ request }: OperationContext): number {
  const partNumber = Number(request.query.get("partNumber"));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PARTS)
    throw new S3Error("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", {
      ArgumentName: "partNumber",
    });
  return partNumber;
}

async function storePart(context: OperationContext, body: VerifiedBody): Promise<StoredPart> {
  const { request, catalog, nowMs } = context;
  const { upload } = uploadOf(context);
  const partNumber = partNumberOf(context);
  if (upload.isAlgorithmAsked && body.promisedAlgorithm !== undefined && body.promisedAlgorithm !== upload.algorithm)
    throw new S3Error(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${body.promisedAlgorithm.toLowerCase()}`,
    );
  const bucket = catalog.bucket(request.bucket);
  const dataId = await bucket.data.write(body.chunks());
  const { sizeBytes, md5Hex, checksums } = body.digests();
  const checksum = checksums.get(upload.algorithm) ?? "";
  const part = { partNumber, dataId, sizeBytes, etag: md5Hex, lastModifiedMs: nowMs, checksum };
  await bucket.putPart(upload.uploadId, request.key, part);
  return part;
}

/** UploadPart. */
export const uploadPart: Operation = async (context) => {
  const { upload } = uploadOf(context);
  const body = new VerifiedBody(context.request, context.auth, MAX_PART_BYTES, [upload.algorithm]);
  const part = await storePart(context, body);
  const { promised, checksums } = body.digests();
  const proof = promised === undefined ? {} : { [checksumHeader(promised)]: checksums.get(promised) ?? "" };
  return { status: 200, headers: { etag: quoted(part.etag), ...proof } };
};

/** UploadPartCopy, whole source or a range of it. */
export const uploadPartCopy: Operation = async (context) => {
  const { upload } = uploadOf(context);
  const body = await readCopySource(context);
  const auth = { ...context.auth, payloadHash: "UNSIGNED-PAYLOAD" };
  const part = await storePart(
    context,
    new VerifiedBody({ headers: {}, body }, auth, MAX_PART_BYTES, [upload.algorithm]),
  );
  const nodes: XmlNode[] = [
    ["LastModified", new Date(part.lastModifiedMs).toISOString()],
    ["ETag", quoted(part.etag)],
    ...(upload.isAlgorithmAsked ? [[`Checksum${upload.algorithm}`, part.checksum] satisfies XmlNode] : []),
  ];
  return { status: 200, body: xmlDocument("CopyPartResult", nodes) };
};

const completeDocument = z.object({
  CompleteMultipartUpload: z.object({
    Part: z
      .array(z.looseObject({ PartNumber: z.coerce.number().int().min(1).max(MAX_PARTS), ETag: z.string() }))
      .min(1)
      .max(MAX_PARTS),
  }),
});

/** CompleteMultipartUpload: parts named, in order, unchanged and large enough, or nothing happens. */
export const completeMultipartUpload: Operation = async (context) => {
  const { request, auth, catalog, nowMs } = context;
  const bucket = catalog.bucket(request.bucket);
  const { upload, parts } = uploadOf(context);
  const { "x-amz-checksum-type": _type, ...headers } = request.headers;
  const objectChecksum = header(request, checksumHeader(upload.algorithm));
  const promiseless = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^x-amz-(checksum-|sdk-checksum)/.test(name)),
  );
  const body = new VerifiedBody({ headers: promiseless, body: request.body }, auth, MAX_DOCUMENT_BYTES);
  const parsed = completeDocument.safeParse(parseXml(await readText(body)));
  if (!parsed.success) throw malformed();
  const object = await assembleParts(bucket, upload, parts, parsed.data.CompleteMultipartUpload.Part, nowMs);
  if (objectChecksum !== undefined && objectChecksum !== object.checksum.value) {
    await bucket.data.remove(object.dataId);
    throw new S3Error("BadDigest", `The ${upload.algorithm} you specified did not match the calculated checksum.`);
  }
  await bucket.complete(upload.uploadId, object, (current) => assertWritable(request.headers, current));
  const nodes: XmlNode[] = [
    ["Location", `/${request.bucket}/${request.key}`],
    ["Bucket", request.bucket],
    ["Key", request.key],
    ["ETag", quoted(object.etag)],
    [`Checksum${object.checksum.algorithm}`, object.checksum.value],
    ["ChecksumType", object.checksum.type],
  ];
  return { status: 200, headers: checksumHeaders(object), body: xmlDocument("CompleteMultipartUploadResult", nodes) };
};

/** AbortMultipartUpload. */
export const abortMultipartUpload: Operation = async ({ request, catalog }) => {
  await catalog.bucket(request.bucket).abortUpload(request.query.get("uploadId") ?? "", request.key);
  return { status: 204 };
};

function partNode(part: StoredPart, upload: StoredUpload): XmlNode {
  return [
    "Part",
    [
      ["PartNumber", part.partNumber],
      ["LastModified", new Date(part.lastModifiedMs).toISOString()],
      ["ETag", quoted(part.etag)],
      ["Size", part.sizeBytes],
      ...(upload.isAlgorithmAsked ? [[`Checksum${upload.algorithm}`, part.checksum] satisfies XmlNode] : []),
    ],
  ];
}

/** ListParts, 1,000 a page. */
export const listParts: Operation = (context) => {
  const { request } = context;
  const { upload, parts } = uploadOf(context);
  const limit = Math.min(Number(request.query.get("max-parts") ?? PAGE), PAGE);
  const marker = Number(request.query.get("part-number-marker") ?? 0);
  const all = [...parts.values()].filter(({ partNumber }) => partNumber > marker);
  const page = all.sort((a, b) => a.partNumber - b.partNumber).slice(0, limit);
  const nodes: XmlNode[] = [
    ["Bucket", request.bucket],
    ["Key", request.key],
    ["UploadId", upload.uploadId],
    ["PartNumberMarker", marker],
    ["NextPartNumberMarker", page.at(-1)?.partNumber ?? 0],
    ["MaxParts", limit],
    ["IsTruncated", all.length > page.length],
    ...page.map((part) => partNode(part, upload)),
  ];
  return { status: 200, body: xmlDocument("ListPartsResult", nodes) };
};

const byKeyThenId = (a: StoredUpload, b: StoredUpload): number =>
  Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || (a.uploadId < b.uploadId ? -1 : 1);

/** ListMultipartUploads, up to 1,000, by prefix and markers. */
export const listMultipartUploads: Operation = ({ request, catalog }) => {
  const prefix = request.query.get("prefix") ?? "";
  const [keyMarker, idMarker] = [request.query.get("key-marker") ?? "", request.query.get("upload-id-marker") ?? ""];
  const isAfter = (upload: StoredUpload): boolean => {
    const order = Buffer.compare(Buffer.from(upload.key), Buffer.from(keyMarker));
    return keyMarker === "" || order > 0 || (order === 0 && idMarker !== "" && upload.uploadId > idMarker);
  };
  const all = catalog
    .bucket(request.bucket)
    .uploads()
    .filter((upload) => upload.key.startsWith(prefix) && isAfter(upload));
  const page = all.sort(byKeyThenId).slice(0, PAGE);
  const last = all.length > page.length ? page.at(-1) : undefined;
  const nodes: XmlNode[] = [
    ["Bucket", request.bucket],
    ["KeyMarker", keyMarker],
    ["UploadIdMarker", idMarker],
    ["NextKeyMarker", last?.key ?? ""],
    ["NextUploadIdMarker", last?.uploadId ?? ""],
    ["MaxUploads", PAGE],
    ["IsTruncated", last !== undefined],
    ...page.map(
      ({ key, uploadId, initiatedMs }): XmlNode => [
        "Upload",
        [
          ["Key", key],
          ["UploadId", uploadId],
          ["Initiated", new Date(initiatedMs).toISOString()],
          ["StorageClass", "STANDARD"],
        ],
      ],
    ),
  ];
  return { status: 200, body: xmlDocument("ListMultipartUploadsResult", nodes) };
};
