import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./s3-error";
import type { S3Target } from "./s3-request";

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_PRESIGNED_SECONDS = 7 * 24 * 3600;
const UNSIGNED = "UNSIGNED-PAYLOAD";

/** One account. `sessionToken` must be sent along when set; after `expiresAtMs` the server answers ExpiredToken. */
export type LocalS3Credentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiresAtMs?: number;
};

/** What a signed body needs to check its chunks: the key, the scope and the signature to start from. */
export type SignatureContext = { signingKey: Buffer; scope: string; amzDate: string; seedSignature: string };
export type Authenticated = SignatureContext & { payloadHash: string };

type Claim = {
  accessKeyId: string;
  scopeDate: string;
  region: string;
  signedHeaders: string[];
  signature: string;
  amzDate: string;
  sessionToken: string | undefined;
  payloadHash: string;
  /** Presigned requests live this long; header-signed ones have the 15 minutes of skew. */
  expiresSeconds?: number;
};

export const sha256Hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text, "latin1").digest();

/** RFC 3986 encoding as SigV4 wants it: `encodeURIComponent` plus the five characters it leaves. */
/** Percent-encodes all but the unreserved characters of RFC 3986, as signatures and listings spell names. */
export function strictEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalQuery(query: ReadonlyMap<string, string>): string {
  const pairs = [...query].filter(([name]) => name !== "X-Amz-Signature");
  const encoded = pairs.map(([name, value]) => [strictEncode(name), strictEncode(value)] as const);
  encoded.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return encoded.map(([name, value]) => `${name}=${value}`).join("&");
}

function canonicalHeaders(headers: IncomingHttpHeaders, signed: readonly string[]): string {
  return signed
    .map((name) => {
      const value = headers[name];
      return `${name}:${(Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replace(/\s+/g, " ")}\n`;
    })
    .join("");
}

function malformed(message: string): S3Error {
  return new S3Error("AuthorizationHeaderMalformed", message);
}

function parseCredential(text: string): Pick<Claim, "accessKeyId" | "scopeDate" | "region"> {
  const parts = text.split("/");
  const [terminator, service, region, scopeDate] = [parts.pop(), parts.pop(), parts.pop(), parts.pop()];
  if (terminator !== "aws4_request" || service !== "s3" || region === undefined || !/^\d{8}$/.test(scopeDate ?? ""))
    throw malformed("The authorization header is malformed; the Credential is mal-formed.");
  return { accessKeyId: parts.join("/"), scopeDate: scopeDate ?? "", region };
}

function claimFromHeader(authorization: string, headers: IncomingHttpHeaders): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `))
    throw new S3Error(
      "InvalidRequest",
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    );
  const fields = new Map<string, string>();
  for (const part of authorization.slice(ALGORITHM.length).split(",")) {
    const at = part.indexOf("=");
    fields.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  const signedHeaders = fields.get("SignedHeaders");
  const signature = fields.get("Signature");
  if (signedHeaders === undefined || signature === undefined) throw malformed("The authorization header is malformed.");
  const payloadHash = headers["x-amz-content-sha256"];
  if (typeof payloadHash !== "string")
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  return {
    ...parseCredential(fields.get("Credential") ?? ""),
    signedHeaders: signedHeaders.split(";"),
    signature,
    amzDate: String(headers["x-amz-date"] ?? ""),
    sessionToken: headers["x-amz-security-token"]?.toString(),
    payloadHash,
  };
}

function claimFromQuery(query: ReadonlyMap<string, string>): Claim {
  const expiresSeconds = Number(query.get("X-Amz-Expires"));
  if (query.get("X-Amz-Algorithm") !== ALGORITHM || !(expiresSeconds >= 1 && expiresSeconds <= MAX_PRESIGNED_SECONDS))
    throw malformed("The query-string authentication parameters are malformed.");
  return {
    ...parseCredential(query.get("X-Amz-Credential") ?? ""),
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    amzDate: query.get("X-Amz-Date") ?? "",
    sessionToken: query.get("X-Amz-Security-Token"),
    payloadHash: UNSIGNED,
    expiresSeconds,
  };
}

function assertFresh(claim: Claim, nowMs: number): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.amzDate);
  if (match === null)
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const atMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  if (!claim.amzDate.startsWith(claim.scopeDate)) throw malformed("The Credential's date is not that of the request.");
  if (atMs - nowMs > MAX_SKEW_MS || (claim.expiresSeconds === undefined && nowMs - atMs > MAX_SKEW_MS))
    throw new S3Error(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  if (claim.expiresSeconds !== undefined && nowMs > atMs + claim.expiresSeconds * 1000)
    throw new S3Error("AccessDenied", "Request has expired");
}

function assertAllSigned(claim: Claim, headers: IncomingHttpHeaders): void {
  const signed = new Set(claim.signedHeaders);
  const loose = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !signed.has(name));
  if (!signed.has("host")) loose.push("host");
  if (loose.length > 0 && claim.expiresSeconds === undefined)
    throw new S3Error("AccessDenied", "There were headers present in the request which were not signed", {
      HeadersNotSigned: loose.join(", "),
    });
}

function assertToken(claim: Claim, account: LocalS3Credentials, nowMs: number): void {
  if (account.sessionToken !== claim.sessionToken)
    throw new S3Error("InvalidToken", "The provided token is malformed or otherwise invalid.");
  if (account.expiresAtMs !== undefined && nowMs >= account.expiresAtMs)
    throw new S3Error("ExpiredToken", "The provided token has expired.");
}

function sign(target: S3Target, headers: IncomingHttpHeaders, claim: Claim, secret: string): SignatureContext {
  const scope = `${claim.scopeDate}/${claim.region}/s3/aws4_request`;
  const canonical = [
    target.method,
    target.path.split("/").map(strictEncode).join("/"),
    canonicalQuery(target.query),
    canonicalHeaders(headers, claim.signedHeaders),
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
  const stringToSign = [ALGORITHM, claim.amzDate, scope, sha256Hex(Buffer.from(canonical, "latin1"))].join("\n");
  const signingKey = ["s3", "aws4_request"].reduce(hmac, hmac(hmac(`AWS4${secret}`, claim.scopeDate), claim.region));
  return { signingKey, scope, amzDate: claim.amzDate, seedSignature: hmac(signingKey, stringToSign).toString("hex") };
}

function isSame(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/**
 * Authenticates a request by AWS Signature Version 4, from its header or its presigned query, and returns what the body
 * is checked against. Throws the S3Error AWS documents for each way to be wrong.
 */
export function authenticate(
  request: S3Target & { headers: IncomingHttpHeaders },
  accounts: readonly LocalS3Credentials[],
  region: string,
  nowMs: number,
): Authenticated {
  const { authorization } = request.headers;
  if (authorization === undefined && !request.query.has("X-Amz-Signature"))
    throw new S3Error("AccessDenied", "Access Denied");
  const claim =
    authorization === undefined ? claimFromQuery(request.query) : claimFromHeader(authorization, request.headers);
  const account = accounts.find(({ accessKeyId }) => accessKeyId === claim.accessKeyId);
  if (account === undefined)
    throw new S3Error("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
      AWSAccessKeyId: claim.accessKeyId,
    });
  if (claim.region !== region)
    throw new S3Error(
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${region}'`,
      { Region: region },
    );
  assertFresh(claim, nowMs);
  assertAllSigned(claim, request.headers);
  const context = sign(request, request.headers, claim, account.secretAccessKey);
  if (!isSame(context.seedSignature, claim.signature))
    throw new S3Error(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  assertToken(claim, account, nowMs);
  return { ...context, payloadHash: claim.payloadHash };
}

/** The signature a chunk of a STREAMING-AWS4-HMAC-SHA256-PAYLOAD body must carry. */
export function chunkSignature(context: SignatureContext, previous: string, chunkHash: string): string {
  const text = [`${ALGORITHM}-PAYLOAD`, context.amzDate, context.scope, previous, sha256Hex(""), chunkHash].join("\n");
  return hmac(context.signingKey, text).toString("hex");
}

/** The signature of the trailer of a STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER body. */
export function trailerSignature(context: SignatureContext, previous: string, trailerText: string): string {
  const text = [`${ALGORITHM}-TRAILER`, context.amzDate, context.scope, previous, sha256Hex(trailerText)].join("\n");
  return hmac(context.signingKey, text).toString("hex");
}
