import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCAL_S3_CREDENTIALS, type LocalS3, startLocalS3 } from "@/server/local-s3/start-local-s3";
import { raw, refusal, type S3Target, sdkClient } from "@/tests/s3/target";
import { type S3FaultProxy, startS3FaultProxy } from "@/tests/support/s3-fault-proxy";

const BODY = randomBytes(20_000);
let dataDir = "";
let server: LocalS3;
let proxy: S3FaultProxy;
let target: S3Target;
let direct: S3Target;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "local-s3-"));
  server = await startLocalS3({ dataDir });
  proxy = await startS3FaultProxy({ upstream: server.endpoint, seed: 7 });
  direct = { endpoint: server.endpoint, region: server.region, ...LOCAL_S3_CREDENTIALS };
  target = { ...direct, endpoint: proxy.endpoint };
  await raw(direct, { method: "PUT", path: "/bucket" });
});

afterEach(async () => {
  await proxy.stop();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const put = (to: S3Target) => sdkClient(to).send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: BODY }));
const isThere = async () => (await raw(direct, { method: "HEAD", path: "/bucket/key" })).status === 200;

describe("faults on the way to S3", () => {
  it("passes everything through when nothing is asked", async () => {
    await put(target);
    const got = await sdkClient(target).send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(BODY)).toBe(true);
  });

  it.each([
    ["slow-down", { code: "SlowDown", status: 503 }],
    ["internal-error", { code: "InternalError", status: 500 }],
    ["expired", { code: "ExpiredToken", status: 403 }],
  ] as const)("answers %s without touching the server", async (fault, expected) => {
    proxy.setRates({ [fault]: 1 });
    expect(await refusal(put(target))).toEqual(expected);
    expect(await isThere()).toBe(false);
  });

  it("loses the acknowledgement after the work is done", async () => {
    proxy.setRates({ "lost-ack": 1 });
    await refusal(put(target));
    expect(await isThere()).toBe(true);
  });

  it("flips a bit that the server's checksum finds, so that nothing is kept", async () => {
    proxy.setRates({ "flip-request": 1 });
    expect((await refusal(put(target))).status).toBe(400);
    expect(await isThere()).toBe(false);
  });

  it("flips a bit that the reader's checksum finds", async () => {
    await put(direct);
    proxy.setRates({ "flip-response": 1 });
    const reply = await raw(target, { method: "GET", path: "/bucket/key" });
    expect(`"${createHash("md5").update(reply.bytes).digest("hex")}"`).not.toBe(reply.headers.etag);
  });

  it("gives the same faults for the same seed", async () => {
    const run = async () => {
      const again = await startS3FaultProxy({
        upstream: server.endpoint,
        seed: 42,
        rates: { "slow-down": 0.3, "internal-error": 0.2 },
      });
      const statuses: number[] = [];
      for (let turn = 0; turn < 20; turn += 1)
        statuses.push(
          (await raw({ ...direct, endpoint: again.endpoint }, { method: "GET", path: "/bucket?list-type=2" })).status,
        );
      await again.stop();
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500, 503]));
    expect(await run()).toEqual(first);
  });
});

describe("the local S3 server and its disk", () => {
  it("keeps what it acknowledged over a restart, and sweeps what was cut off", async () => {
    await put(direct);
    const shards = path.join(dataDir, "buckets/bucket/data");
    await server.stop();
    await writeFile(path.join(shards, "ab", "ab-body-of-an-upload-that-was-cut-off"), "half");
    server = await startLocalS3({ dataDir, port: server.port });
    const head = await sdkClient(direct).send(new HeadObjectCommand({ Bucket: "bucket", Key: "key" }));
    expect(head.ContentLength).toBe(BODY.length);
    const files = (await readdir(shards, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files).toHaveLength(1);
  });

  it("forgets a client's credentials when they expire", async () => {
    await server.stop();
    const expiresAtMs = Date.parse("2030-01-01T00:00:00Z");
    const account = { ...LOCAL_S3_CREDENTIALS, expiresAtMs };
    let isLater = false;
    server = await startLocalS3({ dataDir, credentials: [account], now: () => (isLater ? expiresAtMs : Date.now()) });
    direct = { ...direct, endpoint: server.endpoint };
    await put(direct);
    isLater = true;
    const headers = { "X-Amz-Date": "20300101T000000Z" };
    const reply = await raw(direct, { method: "GET", path: "/bucket/key", headers });
    expect(reply).toMatchObject({ status: 400, code: "ExpiredToken" });
  });
});
