import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createS3Migration, getS3Plan, preflightS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { openSource } from "@/features/s3-migrations/server/stores/open-stores";
import { recount, waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { sha256 } from "@/tests/support/s3-world";
import { describeSourceStore, listAll, type StoreUnderTest } from "@/tests/support/source-store-contract";

const stage = setS3Stage();
const ada = { name: "ada" };
const never = new AbortController().signal;
const md5 = (text: string) => createHash("md5").update(text).digest("base64");

/** A store over files of a directory, whose keys are not its paths. */
async function overFiles(
  files: Record<string, string>,
  open: (root: string) => Parameters<typeof openSource>[0],
  { toPath = (key: string) => key, absentKey }: { toPath?: (key: string) => string; absentKey: string },
): Promise<StoreUnderTest> {
  const byPath = Object.fromEntries(Object.entries(files).map(([key, body]) => [toPath(key), body]));
  const root = await stage.world.makeFiles(byPath);
  return {
    store: await openSource(open(root), 4),
    objects: new Map(Object.entries(files)),
    absentKey,
    edit: async (key) => {
      const file = path.join(root, toPath(key));
      fs.writeFileSync(file, "x".repeat(fs.statSync(file).size));
      fs.utimesSync(file, new Date(), new Date(Date.now() + 5000));
    },
  };
}

describe("a directory", () => {
  describeSourceStore(() =>
    overFiles({ a: "11", "b/c d%2F.png": "22" }, (at) => ({ kind: "local", path: at }), { absentKey: "b/none" }),
  );
});

describe("CarrierWave's files", () => {
  describeSourceStore(() =>
    overFiles(
      { "uploads/project/image_preview/1/a.png": "one", "uploads/user/avatar/2/thumb_b.png": "two" },
      (at) => ({ kind: "carrierwave", path: at, storeDir: "uploads" }),
      { absentKey: "uploads/project/image_preview/9/a.png" },
    ),
  );

  it("leave out its cache and strangers, and say that a linked directory must be named itself", async () => {
    const root = await stage.world.makeFiles({
      "uploads/project/image/1/a.png": "1",
      "uploads/tmp/1-2/b.png": "2",
      "uploads/.gitkeep": "",
      "robots.txt": "never walked",
    });
    const store = await openSource({ kind: "carrierwave", path: root, storeDir: "uploads" }, 4);
    const listed = await listAll(store);
    expect(listed.map(({ key, problem }) => [key, problem?.code]).sort()).toEqual([
      ["uploads/.gitkeep", "NotInLayout"],
      ["uploads/project/image/1/a.png", undefined],
      ["uploads/tmp/1-2/b.png", "NotInLayout"],
    ]);
    fs.symlinkSync(path.join(root, "uploads"), path.join(root, "linked"));
    await expect(openSource({ kind: "carrierwave", path: root, storeDir: "linked" }, 4)).rejects.toThrow(
      "is a link to",
    );
    await expect(openSource({ kind: "carrierwave", path: root, storeDir: "none" }, 4)).rejects.toThrow(
      "There is no directory",
    );
  });
});

describe("Paperclip's files", () => {
  describeSourceStore(() =>
    overFiles(
      {
        "system/users/profile_pictures/000/000/001/original/me.png": "me",
        "system/users/profile_pictures/000/000/001/thumb/me.png": "small",
      },
      (at) => ({ kind: "paperclip", path: at, storeDir: "system" }),
      { absentKey: "system/users/profile_pictures/000/000/002/original/me.png" },
    ),
  );
});

const diskPath = (key: string) => `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;

describe("Active Storage's files", () => {
  describeSourceStore(() =>
    overFiles({ abcd1234: "one", "variants/abcd1234/ffff": "two" }, (at) => ({ kind: "active_storage", path: at }), {
      toPath: diskPath,
      absentKey: "zzzz9999",
    }),
  );
});

/** A bucket behind the local S3 server. */
async function bucketStore(rows?: string): Promise<StoreUnderTest> {
  const bucket = await stage.world.makeBucket();
  await stage.world.put(bucket, "a b", "11");
  await stage.world.put(bucket, "c/d", "22");
  const spec = stage.world.destination(bucket);
  const file = path.join(stage.world.dir, `rows-${bucket}.csv`);
  if (rows !== undefined) fs.writeFileSync(file, rows);
  return {
    store: await openSource(
      rows === undefined ? spec : { kind: "manifest", rows: { from: "file", path: file, format: "csv" }, store: spec },
      4,
    ),
    objects: new Map([
      ["a b", "11"],
      ["c/d", "22"],
    ]),
    absentKey: "none",
    edit: (key) => stage.world.put(bucket, key, key === "a b" ? "xy" : "xx"),
  };
}

describe("a bucket", () => {
  describeSourceStore(() => bucketStore());
});

describe("a manifest over a bucket", () => {
  describeSourceStore(() => bucketStore('key,size\n"a b",2\nc/d,2\nnone,5\n'));
});

describe("a manifest", () => {
  it("loses no name: missing, of another size or with other bytes, each is a row", { timeout: 60_000 }, async () => {
    const root = await stage.world.makeFiles({
      good: "good",
      renamed: "renamed",
      "other-size": "123",
      "other-bytes": "abc",
      "not-named": "stays",
    });
    const file = path.join(root, "rows.jsonl");
    const rows = [
      { key: "good", size: 4, md5: md5("good"), content_type: "image/x-test" },
      { key: "renamed", destination: "new/name", md5: md5("renamed") },
      { key: "other-size", size: 4 },
      { key: "other-bytes", size: 3, md5: md5("xyz") },
      { key: "gone", size: 7 },
      { key: "../escape" },
    ];
    fs.writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const plan = {
      source: {
        kind: "manifest" as const,
        rows: { from: "file" as const, path: file, format: "jsonl" as const },
        store: { kind: "local" as const, path: root },
      },
      destination: stage.world.destination(bucket),
      options: { maxAttempts: 1, keyMap: { kind: "manifest" as const } },
    };
    const dryRun = await preflightS3Migration(plan, never);
    expect(dryRun.facts.counts).toMatchObject({
      toCopy: { objects: 3 },
      missing: { objects: 1 },
      invalid: { objects: 2 },
    });
    const { id } = await createS3Migration({ name: "rows", ...plan, start: true }, ada);
    const done = await waitFor(id, ({ state }) => state === "failed");
    expect(done).toMatchObject({ inventory: { objects: 6 }, counts: { verified: 2, failed: 3, missing_source: 1 } });
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures.map(({ key, errorClass, code }) => [key, errorClass, code]).sort()).toEqual([
      ["../escape", "invalid_key", "InvalidKey"],
      ["gone", "source_missing", "NotAtSource"],
      ["other-bytes", "integrity", "SourceDamaged"],
      ["other-size", "integrity", "NotAsExpected"],
    ]);
    expect([...(await stage.world.hashBucket(bucket))].sort()).toEqual([
      ["good", sha256("good")],
      ["new/name", sha256("renamed")],
    ]);
    expect(await stage.world.contentTypeOf(bucket, "good")).toBe("image/x-test");
    expect(await recount(id)).toMatchObject({ chunks: { n: 6, verified: 2, failed: 3, missing_source: 1 } });
  });

  it("that cannot be read to its end fails the listing, and is never a short one", async () => {
    const root = await stage.world.makeFiles({ a: "1", "rows.csv": 'key\na\n"unfinished' });
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "cut",
        source: {
          kind: "manifest",
          rows: { from: "file", path: path.join(root, "rows.csv"), format: "csv" },
          store: { kind: "local", path: root },
        },
        destination: stage.world.destination(await stage.world.makeBucket()),
        start: true,
      },
      ada,
    );
    const failed = await waitFor(id, ({ state }) => state === "failed");
    expect(failed).toMatchObject({ inventory: { sealedAt: null }, stopped: { errorClass: "config" } });
    expect(failed.stopped?.message).toContain(
      "Quote Not Closed: the parsing is finished with an opening quote at line 3",
    );
  });

  it("that names one source twice for two keys blocks the start", async () => {
    const root = await stage.world.makeFiles({ a: "1", "rows.csv": "key,destination\na,x\na,y\n" });
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "twice",
        source: {
          kind: "manifest",
          rows: { from: "file", path: path.join(root, "rows.csv"), format: "csv" },
          store: { kind: "local", path: root },
        },
        destination: stage.world.destination(await stage.world.makeBucket()),
        options: { keyMap: { kind: "manifest" } },
        start: true,
      },
      ada,
    );
    await waitFor(id, ({ state }) => state === "auto_stopped");
    expect((await getS3Plan(id)).facts.ambiguous).toEqual({ keys: 1, examples: ["a"] });
  });
});
