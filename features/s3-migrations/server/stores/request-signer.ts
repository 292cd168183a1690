import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "./credentials";

/** Proxies change these on the way, or the server reads them before it looks at the signature. */
const UNSIGNED_HEADERS: ReadonlySet<string> = new Set(["authorization", "connection", "expect", "range", "user-agent"]);

export type UnsignedRequest = {
  method: string;
  /** As it is sent: percent-encoded the way Signature V4 wants it. */
  path: string;
  /** As it is sent: names in order, all encoded; "" when there is none. */
  query: string;
  /** Names in lower case; `host` and `x-amz-content-sha256` among them. */
  headers: Readonly<Record<string, string>>;
};

/**
 * Signature V4 for one region's S3. What stays the same from request to request is computed once: the key of the day and
 * the text of the second; a path we have just encoded is not parsed back. Why not `aws4`, and what it is held to:
 * docs/adr/0021-a-signer-of-our-own.md.
 */
export class RequestSigner {
  readonly #region: string;
  #stamp = { second: Number.NaN, amzDate: "", day: "" };
  #key: { secret: string; day: string; scope: string; bytes: Buffer } | undefined;

  constructor(region: string) {
    this.#region = region;
  }

  /** The headers with their signature, as names and values in turn. */
  sign({ method, path, query, headers }: UnsignedRequest, credentials: Credentials, nowMs = Date.now()): string[] {
    const { amzDate, day } = this.#stampOf(nowMs);
    const { bytes, scope } = this.#keyOf(credentials.secretAccessKey, day);
    const signed: Record<string, string> = { ...headers, "x-amz-date": amzDate };
    if (credentials.sessionToken !== undefined) signed["x-amz-security-token"] = credentials.sessionToken;
    const flat: string[] = [];
    let lines = "";
    let names = "";
    for (const name of Object.keys(signed).sort()) {
      const value = signed[name] ?? "";
      flat.push(name, value);
      if (UNSIGNED_HEADERS.has(name)) continue;
      lines += `${name}:${canonicalValue(value)}\n`;
      names += names === "" ? name : `;${name}`;
    }
    const canonical = `${method}\n${path}\n${query}\n${lines}\n${names}\n${signed["x-amz-content-sha256"] ?? ""}`;
    const digest = createHash("sha256").update(canonical).digest("hex");
    const signature = createHmac("sha256", bytes)
      .update(`AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${digest}`)
      .digest("hex");
    const claim = `Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    flat.push("authorization", `AWS4-HMAC-SHA256 ${claim}`);
    return flat;
  }

  #stampOf(nowMs: number): { amzDate: string; day: string } {
    const second = Math.floor(nowMs / 1000);
    if (this.#stamp.second !== second) {
      const amzDate = new Date(second * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
      this.#stamp = { second, amzDate, day: amzDate.slice(0, 8) };
    }
    return this.#stamp;
  }

  #keyOf(secret: string, day: string): { scope: string; bytes: Buffer } {
    if (this.#key?.secret === secret && this.#key.day === day) return this.#key;
    const parts = [day, this.#region, "s3", "aws4_request"];
    const bytes = parts.reduce(
      (key, part) => createHmac("sha256", key).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    );
    this.#key = { secret, day, scope: parts.join("/"), bytes };
    return this.#key;
  }
}

/** Without white space around it, and one space where there are several. */
function canonicalValue(value: string): string {
  return /\s/.test(value) ? value.trim().replace(/\s+/g, " ") : value;
}
