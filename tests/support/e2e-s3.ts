import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { until } from "./until";

/** The local S3 server as its own process, for browser tests, whose runner cannot load server code. */
export type E2eS3 = {
  endpoint: string;
  /** A fresh directory with these files. */
  makeFiles: (files: Record<string, string>) => Promise<string>;
  makeBucket: () => Promise<string>;
  put: (bucket: string, key: string, body: string) => Promise<void>;
  /** Key → SHA-256 of every object. */
  hashBucket: (bucket: string) => Promise<Map<string, string>>;
  stop: () => Promise<void>;
};

const KEYS = { accessKeyId: "ops-console-local", secretAccessKey: "ops-console-local" };
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export async function startE2eS3(): Promise<E2eS3> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-e2e-s3-"));
  const args = ["bin/ops-console.mjs", "local-s3", "--data-dir", path.join(dir, "s3")];
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_DIST_DIR: ".next-test" };
  const child = spawn(process.execPath, args, { cwd: path.join(import.meta.dirname, "../.."), env });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await until("the local S3 server answers", () => /local S3 on \S+,/.test(output));
  const endpoint = /local S3 on (\S+),/.exec(output)?.[1] ?? "";
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: KEYS });
  return {
    endpoint,
    makeFiles: async (files) => {
      const root = path.join(dir, randomUUID());
      fs.mkdirSync(root);
      for (const [key, body] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(root, key)), { recursive: true });
        fs.writeFileSync(path.join(root, key), body);
      }
      return root;
    },
    makeBucket: async () => {
      const bucket = `b-${randomUUID().slice(0, 18)}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return bucket;
    },
    put: async (bucket, key, body) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    hashBucket: (bucket) => hashBucket(client, bucket),
    stop: async () => {
      client.destroy();
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** For buckets of fewer than 1,000 objects. */
async function hashBucket(client: S3Client, bucket: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key = "" } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    hashes.set(Key, sha256(Buffer.from((await Body?.transformToByteArray()) ?? [])));
  }
  return hashes;
}

/** Key → SHA-256 of every regular file below a directory. */
export function hashFiles(root: string): Map<string, string> {
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [path.relative(root, file), sha256(fs.readFileSync(file))]));
}

/** `count` small files, no two alike. */
export function makeManyFiles(root: string, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const directory = path.join(root, `d${at % 10}`);
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, `preview_${at}.png`), Buffer.alloc(300, `preview ${at} `));
  }
}
