import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { describeKeys, HARD_KEYS, OBJECT_ONLY_KEYS } from "@/tests/integration/s3-migrations/keys-suite";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { type S3World, startS3World } from "@/tests/support/s3-world";
import { rcloneBinary, rcloneCheck } from "./rclone-check";
import { openVersitygwWorld } from "./start-versitygw";

const sdk = ({ endpoint }: S3World) =>
  new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });

describeKeys("versitygw 1.8.0, posix", {
  openWorld: openVersitygwWorld,
  sdk,
  holdsEveryKey: false,
  spellsControls: false,
  check: rcloneBinary === undefined ? undefined : rcloneCheck,
});

describe("from a bucket that holds every key to a server of files", () => {
  const stage = setS3Stage(openVersitygwWorld);
  let from: S3World | undefined;
  afterAll(() => from?.stop());

  it("each key is there as it is, or is listed by its name: none is called copied under another", {
    timeout: 120_000,
  }, async () => {
    from = await startS3World();
    const world = from;
    const source = await world.makeBucket();
    // Of "a" and "a/b" a server of files holds whichever comes first: that would be another one each time.
    const keys = [...new Set([...HARD_KEYS, ...OBJECT_ONLY_KEYS])].filter((key) => key !== "a");
    for (const key of keys) await world.put(source, key, `body of ${key}`);
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "every key",
        source: world.destination(source),
        destination: stage.world.destination(bucket),
        options: { maxDeltaPasses: 0, stopAtFailedShare: 1 },
        start: true,
      },
      { name: "ada" },
    );
    const done = await waitFor(id, ({ state }) => ["verified", "failed", "auto_stopped"].includes(state), 90_000);
    const { failures } = await listFailures(id, { limit: 500 });
    const failed = new Set(failures.map(({ key }) => key));
    const kept = keys.filter((key) => !failed.has(key));
    expect(done.counts).toMatchObject({ verified: kept.length, failed: failed.size });
    // Folders that hold data: this server has no room for them.
    expect([...failed].sort()).toEqual(["a/b/c/", "end./", "trailing/", "x//"]);
    // Each by its very name: this server folds "//" in its listings, and answers for both spellings.
    const client = sdk(stage.world);
    for (const key of kept) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      expect(await Body?.transformToString(), JSON.stringify(key)).toBe(`body of ${key}`);
    }
    client.destroy();
  });
});
