import { GetObjectAclCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { createS3Migration, getS3Plan } from "@/features/s3-migrations/server";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { type S3World, startS3World } from "@/tests/support/s3-world";
import { describeKept } from "./kept-suite";

const sdk = ({ endpoint }: S3World) =>
  new S3Client({ endpoint, region: "us-east-1", credentials: LOCAL_S3_CREDENTIALS, forcePathStyle: true });

describeKept("the local server", () => startS3World(), sdk);

describe("storage class and access rules, by policy", () => {
  const stage = setS3Stage();

  it("are those of each object, or those the plan names", { timeout: 60_000 }, async () => {
    const client = sdk(stage.world);
    const from = await stage.world.makeBucket();
    const put = { Bucket: from, Body: "x" };
    await client.send(new PutObjectCommand({ ...put, Key: "cool", StorageClass: "STANDARD_IA", ACL: "public-read" }));
    await client.send(new PutObjectCommand({ ...put, Key: "plain" }));
    stage.runEngine();
    const hashes: string[] = [];
    const look = async (keep: object) => {
      const to = await stage.world.makeBucket();
      const stores = { source: stage.world.destination(from), destination: stage.world.destination(to) };
      const { id } = await createS3Migration(
        { name: "class", ...stores, options: { keep }, start: true },
        { name: "ada" },
      );
      const done = await waitFor(id, ({ state }) => state === "verified");
      expect(done.kept.headersProven).toBe(2);
      hashes.push((await getS3Plan(id)).hash);
      return Promise.all(
        ["cool", "plain"].map(async (Key) => {
          const { Grants = [] } = await client.send(new GetObjectAclCommand({ Bucket: to, Key }));
          return [(await client.send(new HeadObjectCommand({ Bucket: to, Key }))).StorageClass, Grants.length];
        }),
      );
    };
    expect(await look({})).toEqual([
      [undefined, 1],
      [undefined, 1],
    ]);
    expect(await look({ storageClass: "keep", acl: "keep" })).toEqual([
      ["STANDARD_IA", 2],
      [undefined, 1],
    ]);
    expect(await look({ storageClass: "GLACIER_IR", acl: "bucket_owner_full" })).toEqual([
      ["GLACIER_IR", 1],
      ["GLACIER_IR", 1],
    ]);
    expect(new Set(hashes).size).toBe(3);
  });
});
