import type { BucketCatalog } from "./bucket-catalog";
import type { S3Reply, S3Request } from "./s3-request";
import type { Authenticated } from "./sigv4";

/** Everything an operation may touch. The request is authenticated; its body is not read yet. */
export type OperationContext = { request: S3Request; auth: Authenticated; catalog: BucketCatalog; nowMs: number };

/** One S3 operation: answers, or throws an S3Error. */
export type Operation = (context: OperationContext) => Promise<S3Reply> | S3Reply;
