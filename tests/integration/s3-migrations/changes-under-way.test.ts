import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createS3Migration, deleteS3Migration, sendCommand } from "@/features/s3-migrations/server";
import { pool } from "@/server/db/client";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { makeManyFiles } from "@/tests/support/s3-world";

const stage = setS3Stage();

const MIB = 1024 * 1024;
const ada = { name: "ada" };

describe("a migration under way", () => {
  it("reads a file that has grown since in parts, by its size now", async () => {
    const root = await stage.world.makeFiles({ a: "1" });
    stage.runEngine();
    // A look after the copy would find it grown and take it by itself.
    const options = { multipartThresholdBytes: 20 * MIB, partSizeBytes: 5 * MIB, maxDeltaPasses: 0 };
    const destination = stage.world.destination(await stage.world.makeBucket());
    const { id } = await createS3Migration(
      { name: "grown", source: { kind: "local", path: root }, destination, options },
      ada,
    );
    await waitFor(id, ({ state }) => state === "planned");
    fs.writeFileSync(path.join(root, "a"), Buffer.alloc(40 * MIB, 1));
    await sendCommand(id, { verb: "start", unplanned: true }, ada);
    await waitFor(id, ({ state }) => state === "failed");
    await sendCommand(id, { verb: "retry_failed" }, ada);
    await waitFor(id, ({ state }) => state === "verified");
    const { rows } = await pool().query("select etag, size from s3.object");
    expect(rows).toContainEqual({ etag: expect.stringMatching(/-8$/), size: 40 * MIB });
  });

  it("finds a key that its prefix makes too long while planning", async () => {
    const from = await stage.world.makeBucket();
    await stage.world.put(from, "k".repeat(1000), "1");
    stage.runEngine();
    const destination = stage.world.destination(await stage.world.makeBucket(), { prefix: "p".repeat(100) });
    const { id } = await createS3Migration({ name: "long", source: stage.world.destination(from), destination }, ada);
    const planned = await waitFor(id, ({ state }) => state === "planned");
    expect(planned.counts).toMatchObject({ failed: 1, pending: 0 });
  });

  it("is forgotten while workers copy it, without one waiting for the other", { timeout: 60_000 }, async () => {
    stage.runEngine();
    for (let round = 0; round < 5; round += 1) {
      const root = await stage.world.makeFiles({});
      makeManyFiles(root, 300);
      const destination = stage.world.destination(await stage.world.makeBucket());
      const source = { kind: "local" as const, path: root };
      const options = { chunkObjects: 50 };
      const { id } = await createS3Migration({ name: "forgotten", source, destination, options, start: true }, ada);
      await waitFor(id, ({ counts }) => counts.copied + counts.verified > 20);
      await expect(deleteS3Migration(id, ada)).resolves.toBe(true);
    }
  });
});
