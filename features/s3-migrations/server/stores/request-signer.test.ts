import aws4 from "aws4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeKey } from "../../domain/object-key";
import { RequestSigner } from "./request-signer";

const PAYLOAD = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
const nowMs = Date.UTC(2026, 10, 23, 21, 45, 12, 345);
const amzDate = "20261123T214512Z";
const secretAccessKey = "a/secret+key";
const host = "store.example:9000";

/** What aws4 makes of the same request at the same second. */
function byAws4(request: { method: string; path: string; headers: Record<string, string> }, sessionToken?: string) {
  const signed = aws4.sign(
    { service: "s3", region: "eu-west-1", ...request, headers: { ...request.headers, "X-Amz-Date": amzDate } },
    { accessKeyId: "id", secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  );
  return (signed.headers as Record<string, string>).Authorization;
}

function byUs(
  request: { method: string; path: string; query?: string; headers: Record<string, string> },
  token?: string,
) {
  const credentials = { accessKeyId: "id", secretAccessKey, ...(token === undefined ? {} : { sessionToken: token }) };
  const flat = new RequestSigner("eu-west-1").sign({ query: "", ...request }, credentials, nowMs);
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""]] : [])));
}

const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).filter((text) => {
  // aws4 drops dot segments; the engine refuses such keys long before.
  return text.isWellFormed() && !text.includes("\0") && !text.split("/").some((part) => part === "." || part === "..");
});
const headerValue = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
const spacedValue = fc.stringMatching(/^ {0,2}[a-z=;" ]{1,20} {2,3}[a-z]{1,5} {0,2}$/);
const payloadHash = fc.oneof(
  fc.constantFrom("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
  fc.stringMatching(/^[0-9a-f]{64}$/),
);
/** Names as S3 has them, values of any text: encoded and in order, as the client sends them. */
const query = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z-]{0,12}$/), key), {
    minLength: 1,
    maxLength: 5,
    selector: ([name]) => name,
  })
  .map((pairs) => pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeKey(value).replaceAll("/", "%2F")}`).join("&"));

describe("the signature of a request", () => {
  it("is that of aws4 for any key", () => {
    fc.assert(
      fc.property(key, fc.constantFrom("GET", "HEAD", "PUT", "DELETE"), (name, method) => {
        const request = { method, path: `/bucket/${encodeKey(name)}`, headers: { host, ...PAYLOAD } };
        expect(byUs(request).authorization).toBe(byAws4(request));
      }),
    );
  });

  it("is that of aws4 for any header that goes with an object", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^x-amz-meta-[a-z0-9-]{1,12}$/), headerValue, { maxKeys: 6 }),
        (metadata) => {
          const headers = { host, ...PAYLOAD, "if-none-match": "*", "content-type": "image/png", ...metadata };
          const request = { method: "PUT", path: "/bucket/key", headers };
          expect(byUs(request).authorization).toBe(byAws4(request));
        },
      ),
    );
  });

  it("covers the query in the order it is sent", () => {
    const query = "encoding-type=url&list-type=2&prefix=a%2Fb%20c";
    const headers = { host, ...PAYLOAD };
    expect(byUs({ method: "GET", path: "/bucket/", query, headers }).authorization).toBe(
      byAws4({ method: "GET", path: `/bucket/?${query}`, headers }),
    );
  });

  it("is that of aws4 for any query, payload, header with white space and token, all together", () => {
    const token = fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,80}$/), { nil: undefined });
    fc.assert(
      fc.property(key, query, payloadHash, spacedValue, token, (name, text, hash, spaced, sessionToken) => {
        const headers = { host, "x-amz-content-sha256": hash, "x-amz-meta-spaced": spaced };
        const path = `/bucket/${encodeKey(name)}`;
        expect(byUs({ method: "POST", path, query: text, headers }, sessionToken).authorization).toBe(
          byAws4({ method: "POST", path: `${path}?${text}`, headers }, sessionToken),
        );
      }),
    );
  });

  it("carries the session token and signs it", () => {
    const request = { method: "PUT", path: "/bucket/key", headers: { host, ...PAYLOAD } };
    const signed = byUs(request, "token");
    expect(signed["x-amz-security-token"]).toBe("token");
    expect(signed.authorization).toBe(byAws4(request, "token"));
  });

  it("leaves out what is no part of it, and sends it all the same", () => {
    const request = { method: "GET", path: "/bucket/key", headers: { host, ...PAYLOAD, range: "bytes=0-9" } };
    const signed = byUs(request);
    expect(signed.range).toBe("bytes=0-9");
    expect(signed.authorization).toBe(byAws4(request));
  });

  it("follows the day and the secret from request to request", () => {
    const signer = new RequestSigner("eu-west-1");
    const request = { method: "GET", path: "/bucket/key", query: "", headers: { host, ...PAYLOAD } };
    const signatureOf = (secret: string, atMs: number) =>
      signer.sign(request, { accessKeyId: "id", secretAccessKey: secret }, atMs).at(-1);
    const first = signatureOf("one", nowMs);
    expect(signatureOf("two", nowMs)).not.toBe(first);
    expect(signatureOf("one", nowMs + 86_400_000)).toContain("/20261124/");
    expect(signatureOf("one", nowMs)).toBe(first);
  });
});

/** "Signature Calculations for the Authorization Header" of the S3 API reference; its first example signs Range, we do not. */
describe("the examples of Amazon's documentation", () => {
  const credentials = {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const at = { host: "examplebucket.s3.amazonaws.com" };
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const examples = [
    {
      name: "PUT Object",
      method: "PUT",
      path: "/test%24file.text",
      query: "",
      headers: {
        ...at,
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
      },
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    },
    {
      name: "GET Bucket Lifecycle",
      method: "GET",
      path: "/",
      query: "lifecycle=",
      headers: { ...at, "x-amz-content-sha256": empty },
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    },
    {
      name: "GET Bucket (List Objects)",
      method: "GET",
      path: "/",
      query: "max-keys=2&prefix=J",
      headers: { ...at, "x-amz-content-sha256": empty },
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
  ];

  it.each(examples)("$name has the signature printed there", ({ signature, ...request }) => {
    const flat = new RequestSigner("us-east-1").sign(request, credentials, Date.UTC(2013, 4, 24));
    expect(flat.at(-1)).toContain(`Signature=${signature}`);
  });
});
