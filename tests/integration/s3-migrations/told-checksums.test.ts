import { createHash, randomBytes } from "node:crypto";
import {
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { type FaultProxy, startFaultProxy } from "@/tests/support/fault-proxy";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();
const ada = { name: "ada" };
const MIB = 1024 * 1024;
const ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const satisfies ChecksumAlgorithm[];
const isOver = ({ state }: { state: string }) => ["verified", "failed", "auto_stopped"].includes(state);

let proxy: FaultProxy | undefined;
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

const sdk = () =>
  new S3Client({
    endpoint: stage.world.endpoint,
    region: "us-east-1",
    credentials: LOCAL_S3_CREDENTIALS,
    forcePathStyle: true,
  });

/** As other tools leave large objects: in two parts, so that the ETag is no MD5 of the whole. */
async function putInParts(bucket: string, key: string, body: Buffer, ChecksumAlgorithm: ChecksumAlgorithm) {
  const client = sdk();
  const of = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...of, ChecksumAlgorithm }));
  const Parts = [];
  for (const [at, Body] of [body.subarray(0, 5 * MIB), body.subarray(5 * MIB)].entries()) {
    const sent = await client.send(
      new UploadPartCommand({ ...of, UploadId, PartNumber: at + 1, Body, ChecksumAlgorithm }),
    );
    const { ETag, ChecksumCRC64NVME, ChecksumSHA256 } = sent;
    Parts.push({ PartNumber: at + 1, ETag, ChecksumCRC64NVME, ChecksumSHA256 });
  }
  await client.send(new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload: { Parts } }));
  client.destroy();
}

/** Proves what is there, and counts the bytes that were fetched for it. */
async function prove(source: Parameters<typeof createS3Migration>[0]["source"], bucket: string) {
  proxy = await startFaultProxy(stage.world.endpoint);
  const fetched: string[] = [];
  proxy.setFault(({ method, url }) => {
    const { pathname } = new URL(url, "http://x");
    // The bucket itself is asked for its uploads.
    const isObject = pathname.startsWith(`/${bucket}/`) && pathname !== `/${bucket}/`;
    if (method === "GET" && isObject) fetched.push(pathname);
    return undefined;
  });
  stage.runEngine();
  const destination = stage.world.destination(bucket, { endpoint: proxy.endpoint });
  const options = { mode: "verify_only" as const };
  const { id } = await createS3Migration({ name: "sums", source, destination, options, start: true }, ada);
  const done = await waitFor(id, isOver, 60_000);
  return { done, fetched, failures: (await listFailures(id, { limit: 100 })).failures };
}

describe("what somebody else stored with a checksum of whatever algorithm", () => {
  it("is proven by it, and nothing is fetched for that", { timeout: 90_000 }, async () => {
    const bucket = await stage.world.makeBucket();
    const files: Record<string, Buffer> = {};
    const client = sdk();
    for (const ChecksumAlgorithm of ALGORITHMS) {
      const Body = randomBytes(3000);
      files[`by-${ChecksumAlgorithm}`] = Body;
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: `by-${ChecksumAlgorithm}`, Body, ChecksumAlgorithm }),
      );
    }
    client.destroy();
    files["parts-whole"] = randomBytes(5 * MIB + 77);
    await putInParts(bucket, "parts-whole", files["parts-whole"], "CRC64NVME");
    const root = await stage.world.makeFiles(files);
    const { done, fetched, failures } = await prove({ kind: "local", path: root }, bucket);
    expect(failures).toEqual([]);
    expect(done).toMatchObject({ state: "verified", tiers: [{ tier: "stored", objects: 6 }] });
    expect(fetched).toEqual([]);
  });

  it("is fetched where the sum is one of the sums of parts: that says nothing of the whole", {
    timeout: 90_000,
  }, async () => {
    const bucket = await stage.world.makeBucket();
    const body = randomBytes(5 * MIB + 77);
    await putInParts(bucket, "composite", body, "SHA256");
    const root = await stage.world.makeFiles({ composite: body });
    const { done, fetched } = await prove({ kind: "local", path: root }, bucket);
    expect(done).toMatchObject({ state: "verified", tiers: [{ tier: "read_back", objects: 1 }] });
    expect(fetched).toEqual([`/${bucket}/composite`]);
  });

  it("differs where the bytes do, of the same length and in parts", { timeout: 90_000 }, async () => {
    const bucket = await stage.world.makeBucket();
    const body = randomBytes(5 * MIB + 77);
    await putInParts(bucket, "other", body, "CRC64NVME");
    const mine = Buffer.from(body);
    mine[7] = (mine[7] ?? 0) ^ 1;
    const root = await stage.world.makeFiles({ other: mine });
    const { done, failures } = await prove({ kind: "local", path: root }, bucket);
    expect(done.counts).toMatchObject({ different: 1, verified: 0 });
    expect(failures).toMatchObject([{ key: "other", code: "OtherBytes" }]);
  });

  it("from bucket to bucket is compared by what both tell, without either being read", {
    timeout: 90_000,
  }, async () => {
    const [from, to] = [await stage.world.makeBucket(), await stage.world.makeBucket()];
    const body = randomBytes(5 * MIB + 77);
    await putInParts(from, "large", body, "CRC64NVME");
    await stage.world.put(to, "large", body);
    const client = sdk();
    await client.send(new PutObjectCommand({ Bucket: to, Key: "large", Body: body, ChecksumAlgorithm: "CRC64NVME" }));
    client.destroy();
    const { done, fetched } = await prove(stage.world.destination(from), to);
    expect(done).toMatchObject({ state: "verified", tiers: [{ tier: "stored", objects: 1 }] });
    expect(fetched).toEqual([]);
  });
});

describe("a source that tells neither CRC-32 nor MD5 of an object", () => {
  it("is held to the sum it tells: a bit turned over on the way is seen and read again", {
    timeout: 90_000,
  }, async () => {
    const [from, to] = [await stage.world.makeBucket(), await stage.world.makeBucket()];
    const body = randomBytes(5 * MIB + 77);
    await putInParts(from, "large", body, "CRC64NVME");
    const between = await startFaultProxy(stage.world.endpoint);
    proxy = between;
    let flipped = 0;
    between.setFault(({ method, url }) => {
      if (method !== "GET" || !url.startsWith(`/${from}/large`) || flipped > 0) return undefined;
      flipped += 1;
      return "flip-reply-byte";
    });
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "damage",
        source: stage.world.destination(from, { endpoint: between.endpoint }),
        destination: stage.world.destination(to),
        options: { serverCopy: "never" },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, isOver, 60_000);
    expect(done).toMatchObject({ state: "verified", counts: { verified: 1 } });
    expect(flipped).toBe(1);
    expect(done.engine.retries).toBeGreaterThan(0);
    expect((await stage.world.hashBucket(to)).get("large")).toBe(createHash("sha256").update(body).digest("hex"));
  });
});
