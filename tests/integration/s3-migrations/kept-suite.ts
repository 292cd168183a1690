import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { OptionsInput } from "@/features/s3-migrations/domain/plan-spec";
import { createS3Migration, listS3Findings } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import type { S3World } from "@/tests/support/s3-world";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154", "hex");
const MIB = 1024 * 1024;
const ada = { name: "ada" };

/** What must go with the bytes to every server. `sdk` looks at the servers without any code of the engine. */
export function describeKept(
  server: string,
  openWorld: () => Promise<S3World>,
  sdk: (world: S3World) => S3Client,
): void {
  const stage = setS3Stage(openWorld);

  async function migrate(from: string, options: OptionsInput, end = "verified") {
    const to = await stage.world.makeBucket();
    stage.runEngine();
    const source = stage.world.destination(from);
    const destination = stage.world.destination(to);
    const { id } = await createS3Migration({ name: "kept", source, destination, options, start: true }, ada);
    const done = await waitFor(id, ({ state }) => ["verified", "failed", "auto_stopped"].includes(state), 60_000);
    expect(done.stopped?.message ?? done.state).toContain(end);
    return { id, to, done };
  }

  async function headOf(bucket: string, key: string) {
    return sdk(stage.world).send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  }

  describe(`what goes with the bytes to ${server}`, () => {
    it("arrives and is proven by asking for it: small, streamed and in parts", { timeout: 120_000 }, async () => {
      const from = await stage.world.makeBucket();
      const described = {
        ContentType: "text/plain; charset=utf-8",
        CacheControl: "max-age=60, public",
        ContentDisposition: 'attachment; filename="a b.txt"',
        ContentEncoding: "identity",
        ContentLanguage: "de",
        Metadata: { owner: "asha", title: "=?UTF-8?B?bmHDr3ZlIPCfmIA=?=" },
      };
      const sizes = { small: 100, streamed: 17 * MIB, parts: 26 * MIB };
      for (const [key, size] of Object.entries(sizes)) {
        const Tagging = "team=images&note=a%20b";
        const put = { Bucket: from, Key: key, Body: Buffer.alloc(size, key), Tagging, ...described };
        await sdk(stage.world).send(new PutObjectCommand(put));
      }
      const keep = { tags: "keep", addTags: { moved: "2026" } } as const;
      const { to, done } = await migrate(from, { multipartThresholdBytes: 20 * MIB, partSizeBytes: 5 * MIB, keep });
      expect(done.kept).toEqual({ headersProven: 3, headersDiffer: 0, typesDiffer: 0 });
      for (const key of Object.keys(sizes)) {
        const { ContentEncoding, ...head } = await headOf(to, key);
        const { ContentEncoding: encoding, ...rest } = described;
        expect(head).toMatchObject(rest);
        // One server keeps how the bytes came in as well.
        expect((ContentEncoding ?? "").replace("aws-chunked,", "")).toBe(encoding);
        const { TagSet = [] } = await sdk(stage.world).send(new GetObjectTaggingCommand({ Bucket: to, Key: key }));
        expect(TagSet.map(({ Key, Value }) => `${Key}=${Value}`).sort()).toEqual([
          "moved=2026",
          "note=a b",
          "team=images",
        ]);
      }
    });

    it("lists bytes of another type than was told, and changes nothing by itself", { timeout: 60_000 }, async () => {
      const from = await stage.world.makeBucket();
      const put = (Key: string, ContentType: string, Body: Buffer | string = PNG) =>
        sdk(stage.world).send(new PutObjectCommand({ Bucket: from, Key, ContentType, Body }));
      await put("right.png", "image/png");
      await put("wrong.jpeg", "img/jpeg");
      await put("text", "text/plain", "just words");
      const told = await migrate(from, {});
      expect(told.done.kept).toEqual({ headersProven: 3, headersDiffer: 0, typesDiffer: 1 });
      expect(await listS3Findings(told.id, { limit: 10 })).toMatchObject({
        groups: [{ kind: "type", told: "img/jpeg", found: "image/png", sent: "img/jpeg", objects: 1 }],
        findings: [{ key: "wrong.jpeg", objectId: 2 }],
        nextCursor: null,
      });
      expect((await headOf(told.to, "wrong.jpeg")).ContentType).toBe("img/jpeg");
      const corrected = await migrate(from, { keep: { contentType: "corrected" } });
      expect(corrected.done.kept).toEqual({ headersProven: 3, headersDiffer: 0, typesDiffer: 1 });
      expect((await headOf(corrected.to, "wrong.jpeg")).ContentType).toBe("image/png");
    });

    it("is named where what was there already is described otherwise", { timeout: 60_000 }, async () => {
      const from = await stage.world.makeBucket();
      await sdk(stage.world).send(
        new PutObjectCommand({ Bucket: from, Key: "a", Body: "same", CacheControl: "no-store" }),
      );
      const to = await stage.world.makeBucket();
      await stage.world.put(to, "a", "same");
      stage.runEngine();
      const stores = { source: stage.world.destination(from), destination: stage.world.destination(to) };
      const { id } = await createS3Migration({ name: "there", ...stores, start: true }, ada);
      const done = await waitFor(id, ({ state }) => state === "verified");
      expect(done.kept).toEqual({ headersProven: 0, headersDiffer: 1, typesDiffer: 0 });
      const { findings } = await listS3Findings(id, { limit: 10 });
      expect(findings).toMatchObject([{ kind: "headers", told: "cache-control: no-store", found: "nothing" }]);
      const counted = await pool().query(
        `select count(*) filter (where headers = 1)::int as proven, count(*) filter (where headers = 2)::int as differ
           from s3.object where migration_no = (select no from s3_migration where id = $1)`,
        [id],
      );
      expect(counted.rows).toEqual([{ proven: 0, differ: 1 }]);
    });
  });
}
