import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { StoreError } from "./store-error";

// The server is not trusted: no entity of its own is expanded, every element we read is checked, and bodies are capped
// upstream. A key may begin or end with a space, so nothing is trimmed.
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  tagValueProcessor: (_name, value) => decodeEntities(value),
  isArray: (name) => name === "Contents" || name === "Upload" || name === "Part",
});

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The five entities of XML and character references, each once: servers written in Go (versitygw, MinIO) spell a quote
 * `&#34;`, and "&amp;#34;" is the text "&#34;". Anything else stays as it is.
 */
export function decodeEntities(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const text = z.string().default("");
const listSchema = z.object({
  ListBucketResult: z.object({
    IsTruncated: z.enum(["true", "false"]),
    NextContinuationToken: z.string().optional(),
    EncodingType: z.string().optional(),
    Contents: z
      .array(
        z.object({
          Key: z.string(),
          Size: z.coerce.number().int().min(0),
          ETag: text,
          StorageClass: text,
          LastModified: text,
        }),
      )
      .max(10_000)
      .default([]),
  }),
});
const uploadsSchema = z.object({
  ListMultipartUploadsResult: z.object({
    EncodingType: z.string().optional(),
    Upload: z
      .array(
        z.object({
          Key: z.string(),
          UploadId: z.string().min(1),
          Initiated: z.string().transform(Date.parse).pipe(z.number()),
        }),
      )
      .max(10_000)
      .default([]),
  }),
});
const copiedSchema = z.object({
  CopyObjectResult: z.object({ ETag: z.string().min(1), ChecksumCRC32: z.string().optional() }),
});
const copiedPartSchema = z.object({
  CopyPartResult: z.object({ ETag: z.string().min(1), ChecksumCRC32: z.string().optional() }),
});
const partsSchema = z.object({
  ListPartsResult: z.object({
    IsTruncated: z.enum(["true", "false"]).default("false"),
    NextPartNumberMarker: z.string().optional(),
    Part: z
      .array(
        z.object({
          PartNumber: z.coerce.number().int().min(1).max(10_000),
          ETag: text,
          Size: z.coerce.number().int().min(0),
          ChecksumCRC32: z.string().optional(),
        }),
      )
      .max(10_000)
      .default([]),
  }),
});
const errorSchema = z.object({ Error: z.object({ Code: text, Message: text, RequestId: text }) });
const createSchema = z.object({ InitiateMultipartUploadResult: z.object({ UploadId: z.string().min(1) }) });
const completeSchema = z.object({ CompleteMultipartUploadResult: z.object({ ETag: text }) });
export type ListPage = {
  objects: {
    key: string;
    sizeBytes: number;
    etag: string;
    storageClass: string;
    modifiedMs: number | undefined;
    /** The server could not spell the key: it stands there with U+FFFD for what XML cannot hold. */
    isGarbled: boolean;
  }[];
  nextToken: string | undefined;
};

/** One page of ListObjectsV2; keys decoded when the server encoded them. */
export function parseListPage(body: string): ListPage {
  const { ListBucketResult: result } = parseAs(listSchema, body, "a listing");
  const isTruncated = result.IsTruncated === "true";
  if (isTruncated && !result.NextContinuationToken) {
    throw unreadable("a truncated listing without a continuation token");
  }
  const isEncoded = result.EncodingType === "url";
  return {
    objects: result.Contents.map(({ Key, Size, ETag, StorageClass, LastModified }) => ({
      key: isEncoded ? decodeKey(Key) : Key,
      sizeBytes: Size,
      etag: unquote(ETag),
      storageClass: StorageClass,
      modifiedMs: Date.parse(LastModified) || undefined,
      isGarbled: !isEncoded && Key.includes("\uFFFD"),
    })),
    nextToken: isTruncated ? result.NextContinuationToken : undefined,
  };
}

/** Code and message of an `<Error>` body; `undefined` when the body is something else. Never throws. */
export function parseErrorBody(body: string): { code: string; message: string; requestId: string } | undefined {
  try {
    const result = errorSchema.safeParse(parser.parse(body));
    if (!result.success) return undefined;
    const { Code, Message, RequestId } = result.data.Error;
    return { code: Code, message: Message, requestId: RequestId };
  } catch {
    return undefined;
  }
}

/** The first page of ListMultipartUploads; keys decoded when the server encoded them. */
export function parseUploads(body: string): { key: string; uploadId: string; initiatedMs: number }[] {
  const { ListMultipartUploadsResult: result } = parseAs(uploadsSchema, body, "a list of uploads");
  return result.Upload.map(({ Key, UploadId, Initiated }) => ({
    key: result.EncodingType === "url" ? decodeKey(Key) : Key,
    uploadId: UploadId,
    initiatedMs: Initiated,
  }));
}

export type StoredPart = { partNumber: number; etag: string; sizeBytes: number; crc32: string | undefined };
export type PartsPage = { parts: StoredPart[]; nextMarker: string | undefined };

export type CopiedSums = { etag: string; crc32: string | undefined };
const toSums = ({ ETag, ChecksumCRC32 }: { ETag: string; ChecksumCRC32?: string | undefined }): CopiedSums => ({
  etag: unquote(ETag),
  crc32: ChecksumCRC32 || undefined,
});

/** Only the result element means that something was copied: a 200 may carry an error, or nothing. */
export const parseCopied = (body: string): CopiedSums =>
  toSums(parseAs(copiedSchema, body, "a copied object").CopyObjectResult);
/** The same of a part. */
export const parseCopiedPart = (body: string): CopiedSums =>
  toSums(parseAs(copiedPartSchema, body, "a copied part").CopyPartResult);
/** One page of ListParts. */
export function parseParts(body: string): PartsPage {
  const { ListPartsResult: result } = parseAs(partsSchema, body, "a list of parts");
  return {
    parts: result.Part.map(({ PartNumber, ETag, Size, ChecksumCRC32 }) => ({
      partNumber: PartNumber,
      etag: unquote(ETag),
      sizeBytes: Size,
      crc32: ChecksumCRC32 || undefined,
    })),
    nextMarker: result.IsTruncated === "true" ? result.NextPartNumberMarker : undefined,
  };
}

/** The id of a new upload in parts. */
export const parseUploadId = (body: string): string =>
  parseAs(createSchema, body, "a new upload").InitiateMultipartUploadResult.UploadId;

/** S3 may answer 200 and put an error into the body: only the result element means success. */
export const parseCompletedEtag = (body: string): string =>
  unquote(parseAs(completeSchema, body, "a completed upload").CompleteMultipartUploadResult.ETag);

const MD5 = /^[0-9a-f]{32}$/;

/** True when the ETag is an MD5 (single part, not KMS) and so says something about the bytes. */
export const isMd5Etag = (etag: string): boolean => MD5.test(etag);

/** An ETag without the quotes that HTTP puts around it. */
export const unquote = (etag: string): string => etag.replace(/^"|"$/g, "");

function parseAs<S extends z.ZodType>(schema: S, body: string, what: string): z.output<S> {
  let value: unknown;
  try {
    value = parser.parse(body);
  } catch (cause) {
    throw unreadable(what, cause);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw unreadable(what, result.error);
  return result.data;
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch (cause) {
    throw unreadable("a key that does not decode", cause);
  }
}

function unreadable(what: string, cause?: unknown): StoreError {
  return new StoreError({
    errorClass: "transient",
    code: "UnreadableReply",
    message: `The store answered ${what} that makes no sense.`,
    cause,
  });
}
