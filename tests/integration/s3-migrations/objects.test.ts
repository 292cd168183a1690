import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type ListedObject, type ObjectsQuery, objectsQuerySchema } from "@/features/s3-migrations/contract";
import { createS3Migration, getS3Object, listS3Objects, sendCommand } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { chunksStatement, objectsStatement } from "@/features/s3-migrations/server/object-repository";
import { pool } from "@/server/db/client";
import { waitFor, wrongTotals } from "@/tests/support/s3-engine";
import { makeInventory } from "@/tests/support/s3-inventory";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();
const ada = { name: "ada" };
const isOver = ({ state }: { state: string }) => ["verified", "failed", "auto_stopped"].includes(state);

/** Every page, one after the other. */
async function readAll(id: string, query: ObjectsQuery): Promise<{ objects: ListedObject[]; pages: number }> {
  const objects: ListedObject[] = [];
  let cursor = query.cursor;
  for (let pages = 1; ; pages += 1) {
    const reply = await listS3Objects(id, objectsQuerySchema.parse({ ...query, cursor }));
    objects.push(...reply.objects);
    if (reply.nextCursor === null) return { objects, pages };
    cursor = reply.nextCursor;
  }
}

async function plan(root: string, bucket: string, options: Record<string, unknown> = {}) {
  const source = { kind: "local" as const, path: root };
  const destination = stage.world.destination(bucket, { prefix: "to/" });
  return createS3Migration({ name: "objects", source, destination, options, start: true }, ada);
}

describe("the objects of an inventory", () => {
  it("come in pages that hold each once, by prefix, state, tier and text", { timeout: 60_000 }, async () => {
    const state = "case when i % 1000 = 7 then 6 when i % 10 = 1 then 2 else 3 end";
    const { id } = await makeInventory({ objects: 5500, state, tier: "case when i % 10 = 1 then 2 else 3 end" });
    const all = await readAll(id, { limit: 450 });
    expect(all.objects.map(({ objectId }) => objectId)).toEqual(Array.from({ length: 5500 }, (_, i) => i));
    expect(all.objects[7]).toMatchObject({ state: "failed", tier: null, destinationKey: "to/k/000000007" });
    const failed = await readAll(id, { state: "to_decide", limit: 2 });
    expect(failed.objects.map(({ objectId }) => objectId)).toEqual([7, 1007, 2007, 3007, 4007, 5007]);
    const begin = await readAll(id, { prefix: "k/00000199" });
    expect(begin.objects.map(({ key }) => key)).toEqual(Array.from({ length: 10 }, (_, i) => `k/00000199${i}`));
    const weak = await readAll(id, { tier: "acknowledged", limit: 500 });
    expect(weak.objects).toHaveLength(550);
    expect((await readAll(id, { search: "4242" })).objects.map(({ key }) => key)).toEqual(["k/000004242"]);
    expect((await readAll(id, { prefix: "l" })).objects).toEqual([]);
  });

  it("are read from a key in the middle, and from there back to the first", { timeout: 60_000 }, async () => {
    const { id } = await makeInventory({ objects: 2500 });
    const after = await readAll(id, { from: "k/000002400", limit: 70 });
    expect(after.objects.map(({ objectId }) => objectId)).toEqual(Array.from({ length: 100 }, (_, i) => 2400 + i));
    const between = await readAll(id, { from: "k/0000023", prefix: "k/00000239" });
    expect(between.objects[0]?.objectId).toBe(2390);
    const back = await readAll(id, { order: "desc", cursor: 2400, limit: 450 });
    expect(back.objects.map(({ objectId }) => objectId)).toEqual(Array.from({ length: 2400 }, (_, i) => 2399 - i));
    expect((await readAll(id, { order: "desc", limit: 500 })).objects[0]?.objectId).toBe(2499);
  });

  it("are found in a large inventory without a pass over the rows", { timeout: 120_000 }, async () => {
    const { id, no } = await makeInventory({ objects: 300_000, state: "case when i = 250_123 then 6 else 3 end" });
    const queries: [string, ObjectsQuery][] = [
      ["first page", {}],
      ["prefix", { prefix: "k/0002" }],
      ["rare state", { state: "failed" }],
      ["tier", { tier: "stored", cursor: 150_000 }],
      ["text", { search: "299999" }],
      ["from a key", { from: "k/000150500" }],
      ["backwards", { order: "desc", cursor: 150_000 }],
      ["cause", { errorClass: "transient", code: "InternalError" }],
    ];
    for (const [name, query] of queries) {
      const parsed = objectsQuerySchema.parse(query);
      const after = parsed.cursor ?? (parsed.order === "desc" ? 300_000 : -1);
      const chunks = (await pool().query(chunksStatement(no, parsed, after))).rows;
      const { text, values } = objectsStatement(no, parsed, after, chunks);
      const { rows } = await pool().query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
      const explained = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(explained, name).not.toMatch(/Seq Scan on (?:s3\.)?object/);
      expect(explained, name).toMatch(/Index Scan|Bitmap Index Scan/);
    }
    expect((await readAll(id, { state: "failed" })).objects.map(({ objectId }) => objectId)).toEqual([250_123]);
    const sought = await readAll(id, { search: "K/000299999" });
    expect(sought.objects.map(({ objectId }) => objectId)).toEqual([299_999]);
    // A text is sought 100,000 objects at a time, so that no answer takes long.
    expect(sought.pages).toBeGreaterThan(2);
  });

  it("are empty before the listing is sealed", async () => {
    const bucket = await stage.world.makeBucket();
    const { id } = await plan(await stage.world.makeFiles({ a: "1" }), bucket);
    expect(await readAll(id, {})).toEqual({ objects: [], pages: 1 });
  });
});

describe("one object", () => {
  it("tells its history: what failed, who retried it, and its rows of other looks", { timeout: 90_000 }, async () => {
    const root = await stage.world.makeFiles({ "a.txt": "1", "b.txt": "2", "c.txt": "3" });
    const bucket = await stage.world.makeBucket();
    for (const key of ["to/a.txt", "to/b.txt"]) await stage.world.put(bucket, key, "somebody else's");
    stage.runEngine();
    const { id } = await plan(root, bucket, { stopAtFailedShare: 1 });
    await waitFor(id, isOver);
    const { failures } = await listFailures(id, { limit: 10 });
    expect(failures.map(({ key, state }) => [key, state])).toEqual([
      ["a.txt", "conflict"],
      ["b.txt", "conflict"],
    ]);
    const [picked] = failures;
    const only = { objectIds: [picked?.objectId ?? -1] };
    const idempotencyKey = "retry-of-one";
    await stage.world.put(bucket, "to/a.txt", "1");
    const { version } = await sendCommand(id, { verb: "retry_failed", only, idempotencyKey, reason: "put right" }, ada);
    // The same again does nothing again.
    await sendCommand(id, { verb: "retry_failed", only, idempotencyKey }, ada);
    await waitFor(id, (snapshot) => snapshot.version > version && isOver(snapshot));
    const open = await listFailures(id, { limit: 10 });
    expect(open.failures.map(({ key }) => key)).toEqual(["b.txt"]);
    const byCause = await readAll(id, { errorClass: "conflict", code: "KeyExists" });
    const failure = { errorClass: "conflict", code: "KeyExists" };
    expect(byCause.objects.map(({ key, failure: why }) => [key, why])).toEqual([["b.txt", failure]]);
    expect((await readAll(id, { errorClass: "conflict", code: "Another" })).objects).toEqual([]);
    const detail = await getS3Object(id, picked?.objectId ?? -1);
    expect(detail).toMatchObject({
      object: { key: "a.txt", destinationKey: "to/a.txt", tier: "stored", sizeBytes: 1 },
      failure: null,
      retries: [{ verb: "retry_failed", actor: "ada", note: "put right", state: "conflict", code: "KeyExists" }],
      chunk: { firstKey: "a.txt", lastKey: "c.txt", objects: 3 },
      spans: { attributes: { "s3_migration.id": id, "s3_migration.chunk": "0" } },
    });
    expect(detail.object.state).toMatch(/skipped_identical|verified/);
    expect((await getS3Object(id, 1)).failure).toMatchObject({ errorClass: "conflict", code: "KeyExists" });
    expect(await auditOf(id)).toMatchObject([{ reopened: 1, reason: "put right", only: { objects: 1 } }]);
    expect(await wrongTotals(id)).toEqual([]);
    await expect(getS3Object(id, 99)).rejects.toThrow("no object with this number");
  });

  it("knows its older row when the source changed", { timeout: 60_000 }, async () => {
    const root = await stage.world.makeFiles({ "edited.txt": "before", "kept.txt": "kept" });
    const bucket = await stage.world.makeBucket();
    stage.runEngine();
    const { id } = await plan(root, bucket);
    await waitFor(id, isOver);
    await writeFile(path.join(root, "edited.txt"), "after, and longer");
    const { version } = await sendCommand(id, { verb: "list_again" }, ada);
    await waitFor(id, (snapshot) => snapshot.version > version && isOver(snapshot));
    const { objects } = await readAll(id, { prefix: "edited" });
    expect(objects.map(({ state, epoch }) => [state, epoch])).toEqual([
      ["superseded", 0],
      ["verified", 2],
    ]);
    const detail = await getS3Object(id, objects[1]?.objectId ?? -1);
    const [older] = objects;
    expect(detail.versions).toEqual([{ ...older, failure: undefined }]);
    expect(detail.listedAt).not.toBeNull();
  });
});

async function auditOf(id: string): Promise<unknown[]> {
  const { rows } = await pool().query<{ detail: unknown }>(
    "select detail from audit_event where subject = $1 and action = 's3-migration.retry_failed' order by id",
    [`s3-migration:${id}`],
  );
  return rows.map(({ detail }) => detail);
}
