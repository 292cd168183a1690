import { S3Client } from "@aws-sdk/client-s3";
import { type Request, sign } from "aws4";
import { XMLParser } from "fast-xml-parser";
import { Agent } from "undici";

/** A server under contract. */
export type S3Target = { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };

/** The SDK as everybody gets it: default checksums, but one attempt, so that a refusal is seen as it is. */
export function sdkClient(target: S3Target): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = target;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
  });
}

export type RawReply = { status: number; headers: Record<string, string>; text: string; bytes: Buffer; code: string };

export type RawRequest = {
  method: string;
  /** As it goes on the wire, percent-encoded by the caller. */
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** `x-amz-content-sha256`; the true hash of the body when absent. */
  payloadHash?: string;
  signAs?: { accessKeyId: string; secretAccessKey: string; region?: string };
  /** Changes the signed request just before it is sent. */
  tamper?: (headers: Record<string, string>) => void;
  isUnsigned?: boolean;
};

const agent = new Agent({ keepAliveTimeout: 1000 });
const xml = new XMLParser({ ignoreAttributes: true, parseTagValue: false });

function signedHeaders(target: S3Target, request: RawRequest): Record<string, string> {
  const options: Request = {
    host: new URL(target.endpoint).host,
    method: request.method,
    path: request.path,
    service: "s3",
    region: request.signAs?.region ?? target.region,
    headers: {
      ...request.headers,
      ...(request.payloadHash === undefined ? {} : { "X-Amz-Content-Sha256": request.payloadHash }),
    },
    ...(request.body === undefined ? {} : { body: request.body }),
  };
  sign(options, request.signAs ?? target);
  return Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]));
}

/** One request signed by aws4 and sent by undici byte for byte: no SDK, no URL normalisation, no retry. */
export async function raw(target: S3Target, request: RawRequest): Promise<RawReply> {
  const headers = request.isUnsigned ? { ...request.headers } : signedHeaders(target, request);
  request.tamper?.(headers);
  const reply = await agent.request({
    origin: target.endpoint,
    path: request.path,
    method: request.method as "GET",
    headers,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const bytes = Buffer.from(await reply.body.arrayBuffer());
  const text = bytes.toString();
  return {
    status: reply.statusCode,
    headers: Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, String(value)])),
    text,
    bytes,
    code: text.includes("<Error") ? (xml.parse(text) as { Error: { Code: string } }).Error.Code : "",
  };
}

/** The code and status of an SDK refusal; fails when it was not refused. */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; status: number }> {
  try {
    await work;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode ?? 0 };
  }
  throw new Error("The server accepted what it must refuse.");
}
