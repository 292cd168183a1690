import type { Readable } from "node:stream";
import { keptHeaders } from "../../domain/kept-headers";
import { keyProblem } from "../../domain/object-key";
import type { DestinationSpec } from "../../domain/plan-spec";
import type { ListedObject, OpenedObject, SourceStore, ToldSums } from "./object-store";
import { S3Client, type S3Reply } from "./s3-client";
import { readExtras } from "./s3-extras";
import { isMd5Etag, type ListPage, parseListPage, unquote } from "./s3-xml";
import { StoreError, toStoreError } from "./store-error";
import { toldChecksums } from "./told-checksums";
import type { TrafficGate } from "./traffic-gate";

const GARBLED = {
  kind: "invalid_key",
  code: "GarbledKey",
  message: "The server lists this key with a character it cannot spell, so that nobody can ask for it by name.",
} as const;
const TELL_SUMS = { "x-amz-checksum-mode": "ENABLED" };
const ARCHIVED = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** Objects of a bucket under a prefix; keys are relative to the prefix. */
export function openS3Source(spec: DestinationSpec, connections: number, gate?: TrafficGate): SourceStore {
  const client = new S3Client(spec, "source", connections, gate);
  const { prefix } = spec;
  return {
    isOrdered: true,
    list: ({ after, signal }) => listSource(client, prefix, after, signal),
    read: async (key, { fingerprint, signal }) => {
      const reply = await client.bytes(
        { method: "GET", key: prefix + key, headers: { ...ifMatch(fingerprint), ...TELL_SUMS }, signal },
        Number.MAX_SAFE_INTEGER,
      );
      return { ...describe(reply), sizeBytes: reply.bytes.length, body: reply.bytes };
    },
    stat: async (key, { fingerprint, signal }) => {
      const headers = { ...ifMatch(fingerprint), ...TELL_SUMS };
      const reply = await client.bytes({ method: "HEAD", key: prefix + key, headers, signal }, 0);
      if (reply.headers["content-length"] === undefined) throw nonsense("NoLength", "The source tells no size.");
      return describe(reply);
    },
    openRange: async (key, { start, end, fingerprint, signal }): Promise<Readable> => {
      const headers = { ...ifMatch(fingerprint), range: `bytes=${start}-${end - 1}` };
      return (await client.stream({ method: "GET", key: prefix + key, headers, signal })).body;
    },
    remove: (key, { fingerprint, signal }) => removeObject(client, prefix + key, { fingerprint, signal }),
    onServer: { identity: client.identity, copySource: (key) => client.copySource(prefix + key) },
    extras: (key, options) => readExtras(client, prefix + key, options),
    checkAccess: (signal) => checkAccess(client, prefix, signal),
    close: () => client.close(),
  };
}

/** A server that knows no condition of a delete is asked without one: the caller has just looked. */
async function removeObject(
  client: S3Client,
  key: string,
  { fingerprint, signal }: { fingerprint: string; signal: AbortSignal },
): Promise<void> {
  try {
    await client.text({ method: "DELETE", key, headers: ifMatch(fingerprint), signal });
  } catch (cause) {
    if (toStoreError(cause).errorClass !== "unsupported") throw cause;
    await client.text({ method: "DELETE", key, signal });
  }
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
    yield page.objects.map(({ key, sizeBytes, etag, storageClass, modifiedMs, isGarbled }) => {
      const relative = key.slice(prefix.length);
      const listed = {
        key: relative,
        sizeBytes,
        fingerprint: etag,
        ...(modifiedMs === undefined ? {} : { modifiedMs }),
      };
      const problem = keyProblem(relative);
      if (problem !== undefined)
        // No text of the database holds a NUL: such a key is shown with the symbol for it.
        return {
          ...listed,
          key: relative.replaceAll("\0", "\u2400"),
          problem: { kind: "invalid_key" as const, code: "InvalidKey", message: problem },
        };
      if (isGarbled) return { ...listed, problem: GARBLED };
      if (!ARCHIVED.has(storageClass)) return listed;
      const message = `The object is in ${storageClass} and must be restored first.`;
      return { ...listed, problem: { kind: "filtered" as const, code: "Archived", message } };
    });
  }
}

/** Whether the credentials are let into the bucket at all: throws what the store answers to the smallest listing. */
export async function checkAccess(client: S3Client, prefix: string, signal: AbortSignal): Promise<void> {
  const query = { "list-type": "2", "encoding-type": "url", "max-keys": "1", prefix };
  await client.text({ method: "GET", query, signal });
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
    if (page.objects.some(({ key }) => !key.startsWith(prefix))) {
      throw nonsense("ForeignKey", "The listing names keys outside the prefix that was asked for.");
    }
    const first = page.objects[0]?.key;
    if (first !== undefined && lastKey !== undefined && Buffer.compare(Buffer.from(first), Buffer.from(lastKey)) <= 0) {
      throw nonsense("ListingRepeats", "The listing went backwards: the server repeated a page.");
    }
    if (page.nextToken !== undefined && page.nextToken === token) {
      throw nonsense("ListingRepeats", "The listing does not advance: the server repeated its continuation token.");
    }
    lastKey = page.objects.at(-1)?.key ?? lastKey;
    token = page.nextToken;
    yield page;
  } while (token !== undefined);
}

const ifMatch = (fingerprint: string): Record<string, string> =>
  fingerprint === "" ? {} : { "if-match": `"${fingerprint}"` };

function describe({ headers }: S3Reply): OpenedObject {
  const modifiedMs = Date.parse(headers["last-modified"] ?? "");
  return {
    sizeBytes: Number(headers["content-length"] ?? 0),
    fingerprint: unquote(headers.etag ?? ""),
    ...(Number.isNaN(modifiedMs) ? {} : { modifiedMs }),
    metadata: keptHeaders(headers),
    storageClass: headers["x-amz-storage-class"] ?? "STANDARD",
    untoldMetadata: Number(headers["x-amz-missing-meta"] ?? 0),
    told: toldSums(headers),
  };
}

/** Checksums of the whole; the ETag of what is encrypted by a key is no MD5. */
function toldSums(headers: Record<string, string>): ToldSums {
  const etag = unquote(headers.etag ?? "");
  const isEncrypted =
    headers["x-amz-server-side-encryption"]?.startsWith("aws:kms") === true ||
    headers["x-amz-server-side-encryption-customer-algorithm"] !== undefined;
  return { ...toldChecksums(headers), md5: isEncrypted || !isMd5Etag(etag) ? undefined : etag };
}

function nonsense(code: string, message: string): StoreError {
  return new StoreError({ errorClass: "transient", code, message });
}
