import { createHash } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { referencesQuerySchema } from "@/features/s3-migrations/domain/reference-sql";
import { createS3Migration, writeS3References } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();
const ada = { name: "ada" };
type Fields = Omit<z.output<typeof referencesQuerySchema>, "file">;

/** The SQL as a person would run it, without the line that only psql knows. */
async function sqlOf(id: string, file: "apply" | "undo", fields: Fields): Promise<string> {
  const text = await new Response(await writeS3References(id, { file, ...fields })).text();
  return text.replace(/^\\set .*$/m, "");
}

async function dump(): Promise<unknown> {
  const blobs = await pool().query("select * from active_storage_blobs order by id");
  const attachments = await pool().query("select * from active_storage_attachments order by id");
  const pages = await pool().query('select * from "Pages" order by id');
  return { blobs: blobs.rows, attachments: attachments.rows, pages: pages.rows };
}

async function undoTables(): Promise<number> {
  const { rowCount } = await pool().query("select 1 from pg_tables where tablename like 'ops_console_undo_%'");
  return rowCount ?? 0;
}

async function move(files: Record<string, string>, kind: "carrierwave" | "local", prefix = ""): Promise<string> {
  const root = await stage.world.makeFiles(files);
  const destination = stage.world.destination(await stage.world.makeBucket(), { prefix });
  const source = kind === "local" ? { kind, path: root } : { kind, path: root };
  const { id } = await createS3Migration({ name: "quote' -- ; drop", source, destination, start: true }, ada);
  await waitFor(id, ({ state }) => state === "verified");
  return id;
}

describe("reference SQL, run on Postgres", () => {
  beforeAll(async () => {
    await pool().query(`
      create table active_storage_blobs (id bigserial primary key, key text not null unique, filename text not null,
        content_type text, metadata text, service_name text not null, byte_size bigint not null, checksum text,
        created_at timestamp not null);
      create table active_storage_attachments (id bigserial primary key, name text not null, record_type text not null,
        record_id bigint not null, blob_id bigint not null references active_storage_blobs, created_at timestamp not null,
        unique (record_type, record_id, name, blob_id));
      create table "Pages" (id bigserial primary key, "imageUrl" text)`);
  });
  beforeEach(() => stage.runEngine());

  it("attaches CarrierWave's files as blobs and takes exactly that back", async () => {
    const odd = "it's \\ \u00e9 😀;--.png";
    const id = await move(
      {
        [`uploads/project/image_preview/7/${odd}`]: "seven",
        "uploads/project/image_preview/8/b.jpeg": "eight",
        "uploads/project/image_preview/9/c.jpeg": "nine",
        "uploads/user/avatar/1/me.png": "not asked for",
      },
      "carrierwave",
      "up/",
    );
    await pool().query(`insert into active_storage_blobs (key, filename, service_name, byte_size, created_at)
      values ('there', 'there.png', 'local', 1, now())`);
    await pool().query(`insert into active_storage_attachments (name, record_type, record_id, blob_id, created_at)
      select 'circuit_preview', 'Project', 8, id, now() from active_storage_blobs where key = 'there'`);
    const before = await dump();
    const fields = {
      kind: "attach",
      from: "project/image_preview",
      recordType: "Project",
      name: "circuit_preview",
      service: "amazon",
    } as const;
    await pool().query(await sqlOf(id, "apply", fields));
    const { rows } =
      await pool().query(`select b.key, b.filename, b.content_type, b.service_name, b.byte_size, b.checksum,
      a.record_type, a.record_id, a.name from active_storage_attachments a join active_storage_blobs b on b.id = a.blob_id
      where b.service_name = 'amazon' order by record_id`);
    expect(rows.map(({ record_id }) => record_id)).toEqual([7, 9]);
    expect(rows[0]).toEqual({
      key: `up/uploads/project/image_preview/7/${odd}`,
      filename: odd,
      content_type: "image/png",
      service_name: "amazon",
      byte_size: 5,
      checksum: createHash("md5").update("seven").digest("base64"),
      record_type: "Project",
      record_id: 7,
      name: "circuit_preview",
    });
    // The second run finds the table of the first: nothing is forgotten, nothing is doubled.
    await expect(pool().query(await sqlOf(id, "apply", fields))).rejects.toThrow();
    await pool().query("rollback");
    await pool().query(await sqlOf(id, "undo", fields));
    expect(await dump()).toEqual(before);
    expect(await undoTables()).toBe(0);
  });

  it("moves blobs to another service, leaves others alone, and back again", async () => {
    const id = await move({ k1: "1", "k'2": "2" }, "local");
    await pool().query(`insert into active_storage_blobs (key, filename, service_name, byte_size, created_at) values
      ('k1', 'a', 'local', 1, now()), ('k''2', 'b', 'local', 1, now()), ('k3', 'c', 'local', 1, now())`);
    const before = await dump();
    const fields = { kind: "service", fromService: "local", toService: "ama'zon" } as const;
    await pool().query(await sqlOf(id, "apply", fields));
    const { rows } = await pool().query(
      "select key from active_storage_blobs where service_name = 'ama''zon' order by key",
    );
    expect(rows.map(({ key }) => key)).toEqual(["k'2", "k1"]);
    await pool().query(await sqlOf(id, "undo", fields));
    expect(await dump()).toEqual(before);
  });

  it("rewrites addresses in a column, and undoes only what nobody changed since", async () => {
    const id = await move({ "a b.png": "1", "c.png": "2" }, "local", "new/");
    await pool().query(
      `insert into "Pages" ("imageUrl") values ('https://old/a b.png'), ('https://old/c.png'), (null), ('x')`,
    );
    const before = (await pool().query('select * from "Pages" order by id')).rows;
    const fields = {
      kind: "urls",
      table: "Pages",
      column: "imageUrl",
      oldBase: "https://old/",
      newBase: "https://cdn/",
    } as const;
    await pool().query(await sqlOf(id, "apply", fields));
    const after = (await pool().query('select "imageUrl" from "Pages" order by id')).rows.map((row) => row.imageUrl);
    expect(after).toEqual(["https://cdn/new/a b.png", "https://cdn/new/c.png", null, "x"]);
    await pool().query(`update "Pages" set "imageUrl" = 'edited' where "imageUrl" = 'https://cdn/new/c.png'`);
    await pool().query(await sqlOf(id, "undo", fields));
    const undone = (await pool().query('select * from "Pages" order by id')).rows;
    expect(undone).toEqual([before[0], { ...before[1], imageUrl: "edited" }, before[2], before[3]]);
  });

  it("refuses fields that are of no kind, and names that are none", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    await expect(writeS3References(id, { file: "apply", kind: "service", table: "x" })).rejects.toThrow(
      "not the fields",
    );
    const urls = { file: "apply", kind: "urls", column: "c", oldBase: "", newBase: "" } as const;
    await expect(writeS3References(id, { ...urls, table: 'x"; drop table y' })).rejects.toThrow("not the fields");
    await expect(writeS3References(id, { ...urls, table: "x" })).rejects.toThrow("no S3 migration");
  });
});
