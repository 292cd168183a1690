import {
  createBucket,
  deleteBucket,
  deleteObjects,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  listObjects,
} from "./bucket-operations";
import { copyObject } from "./copy-operations";
import { getObjectAcl, getObjectTagging } from "./description-operations";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from "./multipart-operations";
import { deleteObject, getObject, getObjectAttributes, headObject, putObject } from "./object-operations";
import type { Operation } from "./operation";
import { S3Error } from "./s3-error";
import { header, type S3Request } from "./s3-request";

type Level = "service" | "bucket" | "object";
type Rule = { on: Level; method: string; needs: string[]; isCopy?: boolean; operation: Operation };

// First match wins: the more particular rule stands first.
const RULES: Rule[] = [
  { on: "service", method: "GET", needs: [], operation: listBuckets },
  { on: "bucket", method: "GET", needs: ["list-type"], operation: listObjects },
  { on: "bucket", method: "GET", needs: ["uploads"], operation: listMultipartUploads },
  { on: "bucket", method: "GET", needs: ["location"], operation: getBucketLocation },
  { on: "bucket", method: "GET", needs: ["versioning"], operation: getBucketVersioning },
  { on: "bucket", method: "POST", needs: ["delete"], operation: deleteObjects },
  { on: "bucket", method: "PUT", needs: [], operation: createBucket },
  { on: "bucket", method: "HEAD", needs: [], operation: headBucket },
  { on: "bucket", method: "DELETE", needs: [], operation: deleteBucket },
  { on: "object", method: "PUT", needs: ["uploadId", "partNumber"], isCopy: true, operation: uploadPartCopy },
  { on: "object", method: "PUT", needs: ["uploadId", "partNumber"], operation: uploadPart },
  { on: "object", method: "PUT", needs: [], isCopy: true, operation: copyObject },
  { on: "object", method: "PUT", needs: [], operation: putObject },
  { on: "object", method: "GET", needs: ["uploadId"], operation: listParts },
  { on: "object", method: "GET", needs: ["attributes"], operation: getObjectAttributes },
  { on: "object", method: "GET", needs: ["tagging"], operation: getObjectTagging },
  { on: "object", method: "GET", needs: ["acl"], operation: getObjectAcl },
  { on: "object", method: "GET", needs: [], operation: getObject },
  { on: "object", method: "HEAD", needs: [], operation: headObject },
  { on: "object", method: "POST", needs: ["uploads"], operation: createMultipartUpload },
  { on: "object", method: "POST", needs: ["uploadId"], operation: completeMultipartUpload },
  { on: "object", method: "DELETE", needs: ["uploadId"], operation: abortMultipartUpload },
  { on: "object", method: "DELETE", needs: [], operation: deleteObject },
];

const SUBRESOURCES = new Set(RULES.flatMap(({ needs }) => needs));
// Parameters that refine an operation instead of choosing one. Everything else would be silently ignored: refused.
const REFINEMENTS =
  /^(x-id|prefix|delimiter|max-keys|start-after|continuation-token|encoding-type|fetch-owner|max-parts|part-number-marker|max-uploads|key-marker|upload-id-marker|response-.+|X-Amz-.+)$/;
const NEVER_HEADERS = /^x-amz-(server-side-encryption|grant-|object-lock|website)/;

function assertSupported(request: S3Request): void {
  const query = [...request.query.keys()].find((name) => !SUBRESOURCES.has(name) && !REFINEMENTS.test(name));
  const named = Object.keys(request.headers).find((name) => NEVER_HEADERS.test(name));
  const unknown = query ?? named;
  if (unknown !== undefined)
    throw new S3Error("NotImplemented", `This server does not implement ${unknown}.`, { Header: unknown });
}

/** The operation a request asks for. Throws NotImplemented rather than doing something nearby. */
export function operationOf(request: S3Request): Operation {
  assertSupported(request);
  const level: Level = request.bucket === "" ? "service" : request.key === "" ? "bucket" : "object";
  const isCopy = header(request, "x-amz-copy-source") !== undefined;
  const given = [...request.query.keys()].filter((name) => SUBRESOURCES.has(name));
  const rule = RULES.find(
    (candidate) =>
      candidate.on === level &&
      candidate.method === request.method &&
      (candidate.isCopy ?? false) === isCopy &&
      candidate.needs.length === given.length &&
      candidate.needs.every((name) => given.includes(name)),
  );
  if (rule !== undefined) return rule.operation;
  if (RULES.some(({ method }) => method === request.method))
    throw new S3Error("NotImplemented", "This server does not implement that operation.");
  throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.");
}
