import type { Readable } from "node:stream";
import { keyProblem } from "../../domain/object-key";
import type { DestinationSpec } from "../../domain/plan-spec";
import type { ListedObject, ObjectMetadata, OpenedObject, SourceStore } from "./object-store";
import { S3Client, type S3Reply } from "./s3-client";
import { type ListPage, parseListPage, unquote } from "./s3-xml";
import { StoreError } from "./store-error";

const CARRIED = ["content-type", "cache-control", "content-disposition", "content-language", "expires"];
const ARCHIVED = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** Objects of a bucket under a prefix; keys are relative to the prefix. */
export function openS3Source(spec: DestinationSpec, connections: number): SourceStore {
  const client = new S3Client(spec, "source", connections);
  const { prefix } = spec;
  return {
    isOrdered: true,
    list: ({ after, signal }) => listSource(client, prefix, after, signal),
    read: async (key, { fingerprint, signal }) => {
      const reply = await client.bytes(
        { method: "GET", key: prefix + key, headers: ifMatch(fingerprint), signal },
        Number.MAX_SAFE_INTEGER,
      );
      return { ...describe(reply), body: reply.bytes };
    },
    stat: async (key, { fingerprint, signal }) => {
      const reply = await client.bytes({ method: "HEAD", key: prefix + key, headers: ifMatch(fingerprint), signal }, 0);
      return describe(reply);
    },
    openRange: async (key, { start, end, fingerprint, signal }): Promise<Readable> => {
      const headers = { ...ifMatch(fingerprint), range: `bytes=${start}-${end - 1}` };
      return (await client.stream({ method: "GET", key: prefix + key, headers, signal })).body;
    },
    close: () => client.close(),
  };
}

async function* listSource(
  client: S3Client,
  prefix: string,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ListedObject[]> {
  for await (const page of listPages(client, {
    prefix,
    after: after === undefined ? undefined : prefix + after,
    signal,
  })) {
    // A zero-byte key ending in a slash is a console's drawing of a folder; it is an object all the same.
    yield page.objects.map(({ key, sizeBytes, etag, storageClass }) => {
      const relative = key.slice(prefix.length);
      const listed = { key: relative, sizeBytes, fingerprint: etag };
      const problem = keyProblem(relative);
      if (problem !== undefined)
        return { ...listed, problem: { kind: "invalid_key" as const, code: "InvalidKey", message: problem } };
      if (!ARCHIVED.has(storageClass)) return listed;
      const message = `The object is in ${storageClass} and must be restored first.`;
      return { ...listed, problem: { kind: "filtered" as const, code: "Archived", message } };
    });
  }
}

/**
 * Every page under a prefix, each strictly after the one before: a server that repeats a token or a page would
 * otherwise be followed for ever, or counted twice.
 */
export async function* listPages(
  client: S3Client,
  { prefix, after, signal }: { prefix: string; after: string | undefined; signal: AbortSignal },
): AsyncGenerator<ListPage> {
  let token: string | undefined;
  let lastKey = after;
  do {
    const query: Record<string, string> = { "list-type": "2", "encoding-type": "url", "max-keys": "1000", prefix };
    if (token !== undefined) query["continuation-token"] = token;
    else if (after !== undefined) query["start-after"] = after;
    const page = parseListPage((await client.text({ method: "GET", query, signal })).text);
    const first = page.objects[0]?.key;
    if (first !== undefined && lastKey !== undefined && Buffer.compare(Buffer.from(first), Buffer.from(lastKey)) <= 0) {
      throw new StoreError({
        errorClass: "transient",
        code: "ListingRepeats",
        message: "The listing went backwards: the server repeated a page.",
      });
    }
    if (page.nextToken !== undefined && page.nextToken === token) {
      throw new StoreError({
        errorClass: "transient",
        code: "ListingRepeats",
        message: "The listing does not advance: the server repeated its continuation token.",
      });
    }
    lastKey = page.objects.at(-1)?.key ?? lastKey;
    token = page.nextToken;
    yield page;
  } while (token !== undefined);
}

const ifMatch = (fingerprint: string): Record<string, string> =>
  fingerprint === "" ? {} : { "if-match": `"${fingerprint}"` };

function describe({ headers }: S3Reply): OpenedObject {
  const metadata: ObjectMetadata = {};
  for (const [name, value] of Object.entries(headers)) {
    if (CARRIED.includes(name) || name.startsWith("x-amz-meta-")) metadata[name] = value;
  }
  // "aws-chunked" is how the bytes came in once, not what they are.
  const encoding = (headers["content-encoding"] ?? "").replace(/\baws-chunked\b,?\s*/g, "").trim();
  if (encoding !== "") metadata["content-encoding"] = encoding;
  return {
    sizeBytes: Number(headers["content-length"] ?? 0),
    fingerprint: unquote(headers.etag ?? ""),
    metadata,
  };
}
