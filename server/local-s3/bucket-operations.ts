import { z } from "zod";
import { quoted } from "./object-headers";
import type { Operation, OperationContext } from "./operation";
import { S3Error } from "./s3-error";
import { header } from "./s3-request";
import { strictEncode } from "./sigv4";
import type { StoredObject } from "./stored-object";
import { readText, VerifiedBody } from "./verified-body";
import { malformed, parseXml, type XmlNode, xmlDocument } from "./xml";

const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
const MAX_KEYS = 1000;

/** ListBuckets. */
export const listBuckets: Operation = ({ catalog }) => {
  const buckets = catalog.list().map(
    ({ name, createdMs }): XmlNode => [
      "Bucket",
      [
        ["Name", name],
        ["CreationDate", new Date(createdMs).toISOString()],
      ],
    ],
  );
  return {
    status: 200,
    body: xmlDocument("ListAllMyBucketsResult", [
      ["Owner", [["ID", "local"]]],
      ["Buckets", buckets],
    ]),
  };
};

/** CreateBucket. The body (a location) is checked and otherwise of no effect. */
export const createBucket: Operation = async ({ request, auth, catalog }) => {
  await readText(new VerifiedBody(request, auth, MAX_DOCUMENT_BYTES));
  await catalog.create(request.bucket);
  return { status: 200, headers: { location: `/${request.bucket}` } };
};

export const headBucket: Operation = ({ request, catalog }) => {
  catalog.bucket(request.bucket);
  return { status: 200 };
};

export const deleteBucket: Operation = async ({ request, catalog }) => {
  await catalog.delete(request.bucket);
  return { status: 204 };
};

export const getBucketLocation: Operation = ({ request, catalog }) => {
  catalog.bucket(request.bucket);
  return { status: 200, body: xmlDocument("LocationConstraint", []) };
};

/** GetBucketVersioning: an empty answer is how S3 says "never enabled". */
export const getBucketVersioning: Operation = ({ request, catalog }) => {
  catalog.bucket(request.bucket);
  return { status: 200, body: xmlDocument("VersioningConfiguration", []) };
};

const listQuery = z.object({
  prefix: z.string().default(""),
  delimiter: z.string().default(""),
  "max-keys": z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(MAX_KEYS),
  "start-after": z.string().optional(),
  "continuation-token": z.string().min(1).optional(),
  "encoding-type": z.literal("url").optional(),
});

function parseListQuery({ request }: OperationContext): z.infer<typeof listQuery> {
  const parsed = listQuery.safeParse(Object.fromEntries(request.query));
  if (parsed.success) return parsed.data;
  const name = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new S3Error("InvalidArgument", `Provided ${name} is not valid.`, { ArgumentName: name });
}

const tokenShape = z.strictObject({ resume: z.string() });

function decodeToken(token: string): string {
  try {
    return tokenShape.parse(JSON.parse(Buffer.from(token, "base64url").toString())).resume;
  } catch {
    throw new S3Error("InvalidArgument", "The continuation token provided is incorrect", {
      ArgumentName: "continuation-token",
    });
  }
}

/** Keys as S3 writes them under `encoding-type=url`: percent-encoded except the slash. */
const urlEncoded = (key: string): string => strictEncode(key).replaceAll("%2F", "/");

function objectNode(object: StoredObject, spell: (key: string) => string): XmlNode {
  return [
    "Contents",
    [
      ["Key", spell(object.key)],
      ["LastModified", new Date(object.lastModifiedMs).toISOString()],
      ["ETag", quoted(object.etag)],
      ["ChecksumAlgorithm", object.checksum.algorithm],
      ["ChecksumType", object.checksum.type],
      ["Size", object.sizeBytes],
      ["StorageClass", object.storageClass ?? "STANDARD"],
    ],
  ];
}

/** ListObjectsV2, in UTF-8 byte order. */
export const listObjects: Operation = (context) => {
  const { request, catalog } = context;
  const query = parseListQuery(context);
  const token = query["continuation-token"];
  const resume = token === undefined ? undefined : decodeToken(token);
  const bucket = catalog.bucket(request.bucket);
  const page = bucket.list({
    prefix: query.prefix,
    delimiter: query.delimiter,
    limit: Math.min(query["max-keys"], MAX_KEYS),
    ...(query["start-after"] === undefined ? {} : { startAfter: query["start-after"] }),
    ...(resume === undefined ? {} : { resume }),
  });
  const spell = query["encoding-type"] === "url" ? urlEncoded : (key: string) => key;
  const next =
    page.next === undefined ? undefined : Buffer.from(JSON.stringify({ resume: page.next })).toString("base64url");
  const contents = page.keys.flatMap((key) => {
    const object = bucket.get(key);
    return object === undefined ? [] : [objectNode(object, spell)];
  });
  const nodes: XmlNode[] = [
    ["Name", request.bucket],
    ["Prefix", spell(query.prefix)],
    ...(query.delimiter === "" ? [] : [["Delimiter", spell(query.delimiter)] satisfies XmlNode]),
    ["MaxKeys", query["max-keys"]],
    ["KeyCount", page.keys.length + page.commonPrefixes.length],
    ["IsTruncated", next !== undefined],
    ...(query["encoding-type"] === undefined ? [] : [["EncodingType", "url"] satisfies XmlNode]),
    ...(query["start-after"] === undefined ? [] : [["StartAfter", spell(query["start-after"])] satisfies XmlNode]),
    ...(token === undefined ? [] : [["ContinuationToken", token] satisfies XmlNode]),
    ...(next === undefined ? [] : [["NextContinuationToken", next] satisfies XmlNode]),
    ...contents,
    ...page.commonPrefixes.map((prefix): XmlNode => ["CommonPrefixes", [["Prefix", spell(prefix)]]]),
  ];
  return { status: 200, body: xmlDocument("ListBucketResult", nodes) };
};

const deleteDocument = z.object({
  Delete: z.object({
    Object: z
      .array(z.object({ Key: z.string().min(1) }))
      .min(1)
      .max(MAX_KEYS),
    Quiet: z.string().optional(),
  }),
});

/** DeleteObjects: up to 1,000 keys; the document must carry its own digest. */
export const deleteObjects: Operation = async ({ request, auth, catalog }) => {
  const bucket = catalog.bucket(request.bucket);
  const body = new VerifiedBody(request, auth, MAX_DOCUMENT_BYTES);
  if (header(request, "content-md5") === undefined && body.promisedAlgorithm === undefined)
    throw new S3Error("InvalidRequest", "Missing required header for this request: Content-MD5");
  const parsed = deleteDocument.safeParse(parseXml(await readText(body)));
  if (!parsed.success) throw malformed();
  const isQuiet = parsed.data.Delete.Quiet?.toLowerCase() === "true";
  const deleted: XmlNode[] = [];
  for (const { Key } of parsed.data.Delete.Object) {
    await bucket.delete(Key, () => undefined);
    if (!isQuiet) deleted.push(["Deleted", [["Key", Key]]]);
  }
  return { status: 200, body: xmlDocument("DeleteResult", deleted) };
};
