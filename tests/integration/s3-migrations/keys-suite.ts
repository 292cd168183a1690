import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, type S3World, sha256 } from "@/tests/support/s3-world";

const SEED = Number(process.env.CHAOS_SEED ?? 42);
const ada = { name: "ada" };
/** 1,024 bytes in segments that file systems take. */
const LONGEST = "k".repeat(200).concat("/").repeat(5).padEnd(1024, "z");

/** Every kind of name that some tool is known to lose; all are files on a disk as well. */
export const HARD_KEYS = [
  ...[
    "new\nline",
    "carriage\rreturn",
    "tab\tinside",
    "\u0001\u001f\u007f control",
    "a\u0085b",
    "zero\u200bwidth",
    "\u202ertl",
  ],
  ...["emoji 😀👩‍👩‍👧.png", "caf\u00e9", "cafe\u0301", "\u{1f600}\u{10ffff}"],
  ...["%2F", "a%2Fb", "a%2fb", "a%252Fb", "%00", "100%", "%zz", "a+b", "a b", "a%20b", "a%2Bb", " lead and trail "],
  ...["..a", "a..", "...", "a/...b", ".hidden", "a/.hidden", "~", "-rf", "--", "*", "?", "[a-z]+(.*)$", "^\\d{2}|x"],
  ...[
    "&amp;",
    "&#34;",
    "&lt;Key&gt;",
    "<Contents>",
    "]]>",
    "<![CDATA[x]]>",
    `"'\``,
    "$(id)",
    "$" + "{x}",
    "=cmd()",
    "@x",
  ],
  ...["IMG.png", "img.png", "a;b,c=1?x#y&z", "C:\\dir\\file", "con", "a:b|c", LONGEST],
];

/** Keys that only stores of objects hold: a file system folds or refuses them. */
export const OBJECT_ONLY_KEYS = ["trailing/", "double//slash", "a", "a/b", "/leading", "x//", "end./", "a/b/c/"];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold.
const UNSPELLED = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

type Suite = {
  openWorld: () => Promise<S3World>;
  sdk: (world: S3World) => S3Client;
  /** Whether the server holds keys that are no path of files. */
  holdsEveryKey: boolean;
  /** Whether its listings spell characters that XML cannot hold. */
  spellsControls: boolean;
  /** A look at a directory and what is below a bucket's prefix by another program: throws when they differ. */
  check?: ((root: string, world: S3World, bucket: string, prefix: string) => Promise<void>) | undefined;
};

/** No key is lost, folded, decoded twice or written into another on its way to `server`. */
export function describeKeys(server: string, { openWorld, sdk, holdsEveryKey, spellsControls, check }: Suite): void {
  const stage = setS3Stage(openWorld);
  const isListed = (key: string) => spellsControls || !UNSPELLED.test(key);

  async function migrate(source: Parameters<typeof createS3Migration>[0]["source"], prefix = "to/") {
    const bucket = await stage.world.makeBucket();
    const { id } = await createS3Migration(
      {
        name: "keys",
        source,
        destination: stage.world.destination(bucket, { prefix }),
        options: { maxDeltaPasses: 0 },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => ["verified", "failed", "auto_stopped"].includes(state), 60_000);
    return { id, bucket, done, failures: (await listFailures(id, { limit: 100 })).failures };
  }

  describe(`hard keys on ${server}`, () => {
    it("go from files to objects and from there to objects, each as it is", { timeout: 120_000 }, async () => {
      const files = HARD_KEYS.filter((key) => Buffer.byteLength(`to/${key}`) <= 1024 && isListed(key));
      const root = await stage.world.makeFiles(Object.fromEntries(files.map((key) => [key, `body of ${key}`])));
      stage.runEngine();
      const first = await migrate({ kind: "local", path: root });
      expect(first.failures).toEqual([]);
      expect(first.done).toMatchObject({ state: "verified", counts: { verified: files.length } });
      const wanted = [...(await hashFiles(root))].map(([key, hash]) => [`to/${key}`, hash]).sort();
      expect([...(await stage.world.hashBucket(first.bucket))].sort()).toEqual(wanted);
      await check?.(root, stage.world, first.bucket, "to");
      const second = await migrate(stage.world.destination(first.bucket, { prefix: "to/" }));
      expect(second.failures).toEqual([]);
      expect([...(await stage.world.hashBucket(second.bucket))].sort()).toEqual(wanted);
      await check?.(root, stage.world, second.bucket, "to");
      // What the console stored is what an encoded listing of the server says.
      const listed = await sdk(stage.world).send(
        new ListObjectsV2Command({ Bucket: second.bucket, EncodingType: "url", MaxKeys: 1000 }),
      );
      const keys = (listed.Contents ?? []).map(({ Key = "" }) =>
        listed.EncodingType === "url" ? decodeURIComponent(Key.replaceAll("+", " ")) : Key,
      );
      expect(keys.sort()).toEqual(wanted.map(([key]) => key).sort());
    });

    it("of 1,024 bytes are held, one byte more with the prefix is refused at the plan", {
      timeout: 60_000,
    }, async () => {
      const root = await stage.world.makeFiles({ [LONGEST]: "long", short: "s" });
      stage.runEngine();
      const held = await migrate({ kind: "local", path: root }, "");
      expect(held.done).toMatchObject({ state: "verified", counts: { verified: 2 } });
      const over = await migrate({ kind: "local", path: root }, "p");
      expect(over.done.counts).toMatchObject({ verified: 1, failed: 1 });
      expect(over.failures).toMatchObject([{ errorClass: "invalid_key", key: LONGEST }]);
    });

    it(`that nobody thought of arrive, or are listed with the reason (seed ${SEED})`, {
      timeout: 120_000,
    }, async () => {
      const segment = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((text) => {
        const bytes = Buffer.byteLength(text);
        return (
          text.isWellFormed() && isListed(text) && !/[/\0]/.test(text) && text !== "." && text !== ".." && bytes <= 200
        );
      });
      const keys =
        fc.sample(fc.uniqueArray(segment, { minLength: 150, maxLength: 150 }), { seed: SEED, numRuns: 1 })[0] ?? [];
      const root = await stage.world.makeFiles(
        Object.fromEntries(keys.map((key, at) => [at % 3 === 0 ? `d${at % 7}/${key}` : key, `body of ${key}`])),
      );
      stage.runEngine();
      const first = await migrate({ kind: "local", path: root }, "");
      expect(first.failures).toEqual([]);
      const wanted = [...(await hashFiles(root))].sort();
      expect([...(await stage.world.hashBucket(first.bucket))].sort()).toEqual(wanted);
      const second = await migrate(stage.world.destination(first.bucket), "");
      expect(second.failures).toEqual([]);
      expect([...(await stage.world.hashBucket(second.bucket))].sort()).toEqual(wanted);
      await check?.(root, stage.world, second.bucket, "");
    });

    it("that a listing cannot spell are listed as such, never taken for others", { timeout: 60_000 }, async () => {
      const root = await stage.world.makeFiles({ "bell\u0007": "b", plain: "p" });
      stage.runEngine();
      const first = await migrate({ kind: "local", path: root }, "");
      expect(first.done).toMatchObject({ state: "verified", counts: { verified: 2 } });
      const second = await migrate(stage.world.destination(first.bucket), "");
      if (spellsControls) expect(second.done.counts).toMatchObject({ verified: 2, failed: 0 });
      else expect(second.failures).toMatchObject([{ errorClass: "invalid_key", code: "GarbledKey" }]);
    });

    it("that only objects have go from bucket to bucket, or fail alone by name", { timeout: 60_000 }, async () => {
      const from = await stage.world.makeBucket();
      for (const key of holdsEveryKey ? OBJECT_ONLY_KEYS : ["a/b", "plain"]) {
        await stage.world.put(from, key, `body of ${key}`);
      }
      stage.runEngine();
      const { bucket, failures, done } = await migrate(stage.world.destination(from), "");
      expect(failures).toEqual([]);
      expect(done.state).toBe("verified");
      expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual(
        [...(await stage.world.hashBucket(from))].sort(),
      );
      if (holdsEveryKey) expect((await stage.world.hashBucket(bucket)).get("x//")).toBe(sha256("body of x//"));
    });
  });
}
