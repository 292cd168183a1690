import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { DestinationSpec } from "@/features/s3-migrations/domain/plan-spec";
import { LOCAL_S3_CREDENTIALS, type LocalS3, startLocalS3 } from "@/server/local-s3/start-local-s3";

/** A server to use instead of the local one; the engine finds the same keys in AWS's variables. */
export type S3WorldServer = { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };

/** An S3 server, directories of files, and an independent look at what is where (the official SDK, own hashing). */
export type S3World = {
  endpoint: string;
  dir: string;
  /** A fresh directory with these files. */
  makeFiles: (files: Record<string, string | Buffer>) => Promise<string>;
  makeBucket: (name?: string) => Promise<string>;
  destination: (bucket: string, more?: Partial<DestinationSpec>) => DestinationSpec;
  put: (bucket: string, key: string, body: string | Buffer) => Promise<void>;
  /** Key → SHA-256 of every object of a bucket. */
  hashBucket: (bucket: string) => Promise<Map<string, string>>;
  contentTypeOf: (bucket: string, key: string) => Promise<string | undefined>;
  beginUpload: (bucket: string, key: string) => Promise<void>;
  /** Keys of uploads in parts that are neither completed nor aborted. */
  openUploads: (bucket: string) => Promise<string[]>;
  stop: () => Promise<void>;
};

export const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

/** On `other`, or on a local S3 server started for it. */
export async function startS3World(other?: S3WorldServer): Promise<S3World> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "ops-s3-world-"));
  const local: LocalS3 | undefined =
    other === undefined ? await startLocalS3({ dataDir: path.join(dir, "s3") }) : undefined;
  const server = { endpoint: "", region: "us-east-1", ...LOCAL_S3_CREDENTIALS, ...local, ...other };
  const { accessKeyId, secretAccessKey } = server;
  const client = new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  return {
    endpoint: server.endpoint,
    dir,
    makeFiles: async (files) => {
      const root = path.join(dir, `files-${randomUUID()}`);
      for (const [key, body] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(root, key)), { recursive: true });
        await writeFile(path.join(root, key), body);
      }
      await mkdir(root, { recursive: true });
      return root;
    },
    makeBucket: async (name = `b-${randomUUID().slice(0, 18)}`) => {
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    destination: (bucket, more = {}) => ({
      kind: "s3",
      bucket,
      prefix: "",
      endpoint: server.endpoint,
      ...(other === undefined ? { profile: "ops-console-local" } : {}),
      ...more,
    }),
    put: async (bucket, key, body) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    hashBucket: (bucket) => hashBucket(client, bucket),
    contentTypeOf: async (bucket, key) =>
      (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentType,
    beginUpload: async (bucket, key) => {
      await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
    },
    openUploads: async (bucket) => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.map(({ Key }) => Key ?? "");
    },
    stop: async () => {
      client.destroy();
      await local?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function hashBucket(client: S3Client, bucket: string): Promise<Map<string, string>> {
  const keys: string[] = [];
  for (let token: string | undefined; ; ) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    token = page.NextContinuationToken;
    if (token === undefined) break;
  }
  const hashes = new Map<string, string>();
  let next = 0;
  const lane = async () => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      hashes.set(key, sha256(Buffer.from((await Body?.transformToByteArray()) ?? [])));
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return hashes;
}

/** Key → SHA-256 of every regular file below a directory. */
export async function hashFiles(root: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    hashes.set(path.relative(root, file), sha256(await readFile(file)));
  }
  return hashes;
}

/** `count` small files of seeded bytes, spread over directories. */
export function makeManyFiles(root: string, count: number, sizeBytes = 200): void {
  for (let at = 0; at < count; at += 1) {
    const directory = path.join(root, `d${at % 20}`);
    if (at < 20) fs.mkdirSync(directory, { recursive: true });
    const seed = createHash("sha256").update(String(at)).digest();
    const body = Buffer.alloc(sizeBytes + (at % 50), seed);
    fs.writeFileSync(path.join(directory, `preview_${at}.png`), body);
  }
}
