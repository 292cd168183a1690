import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { openSource } from "@/features/s3-migrations/server/stores/open-stores";
import { addSettings } from "@/server/config/env";
import { pool } from "@/server/db/client";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { sha256 } from "@/tests/support/s3-world";
import { listAll } from "@/tests/support/source-store-contract";

const stage = setS3Stage();
const ada = { name: "ada" };
const md5 = (text: string) => createHash("md5").update(text).digest("base64");
const diskPath = (key: string) => `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;

describe("Active Storage's blobs from the application's database", () => {
  beforeAll(async () => {
    // The console's own test database stands in for the application's: the same Postgres, other tables.
    addSettings({ OPS_DATABASES: `rails=${process.env.DATABASE_URL}` });
    await pool().query(`create table active_storage_blobs (id bigserial primary key, key text not null unique,
      filename text not null, content_type text, metadata text, service_name text not null, byte_size bigint not null,
      checksum text, created_at timestamp not null default now())`);
  });

  it("are copied under their keys with their types, proven by their checksums", { timeout: 60_000 }, async () => {
    const bodies = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`k${String(at).padStart(3, "0")}xyzw`, `body ${at}`]),
    );
    const root = await stage.world.makeFiles(
      Object.fromEntries(Object.entries(bodies).map(([key, body]) => [diskPath(key), body])),
    );
    for (const [key, body] of Object.entries({ ...bodies, gone0000: "no file" })) {
      await pool().query(
        `insert into active_storage_blobs (key, filename, content_type, service_name, byte_size, checksum)
         values ($1, 'it''s a file.png', 'image/png', 'local', $2, $3)`,
        [key, Buffer.byteLength(body), md5(body)],
      );
    }
    await pool().query(
      "insert into active_storage_blobs (key, filename, service_name, byte_size) values ('elsewhere', 'x', 'amazon', 1)",
    );
    fs.writeFileSync(path.join(root, diskPath("k005xyzw")), "Body 5");
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await createS3Migration(
      {
        name: "blobs",
        source: {
          kind: "manifest",
          rows: { from: "database", database: "rails", query: "active_storage_blobs", service: "local" },
          store: { kind: "active_storage", path: root },
        },
        destination: stage.world.destination(bucket),
        options: { maxAttempts: 1 },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => state === "failed");
    expect(done.counts).toMatchObject({ verified: 39, failed: 1, missing_source: 1 });
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures.map(({ key, code }) => [key, code])).toEqual([
      ["gone0000", "NotAtSource"],
      ["k005xyzw", "SourceDamaged"],
    ]);
    expect(await stage.world.contentTypeOf(bucket, "k001xyzw")).toBe("image/png");
    expect((await stage.world.hashBucket(bucket)).get("k001xyzw")).toBe(sha256("body 1"));
  });

  it("are refused by a sentence when no such database is named, or it is not Active Storage's", async () => {
    const root = await stage.world.makeFiles({});
    const open = (database: string) =>
      openSource(
        {
          kind: "manifest",
          rows: { from: "database", database, query: "active_storage_blobs" },
          store: { kind: "active_storage", path: root },
        },
        1,
      ).then(listAll);
    await expect(open("nobody")).rejects.toThrow('no database named "nobody"');
    addSettings({ OPS_DATABASES: "wrong=postgres://u:hunter2@127.0.0.1:1/none" });
    await expect(open("wrong")).rejects.toThrow('The database "wrong" does not answer');
    await expect(open("wrong")).rejects.not.toThrow("hunter2");
  });
});
