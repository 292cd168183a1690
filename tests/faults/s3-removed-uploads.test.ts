import { CreateMultipartUploadCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { destinationSchema } from "@/features/s3-migrations/contract";
import { deleteS3Migration } from "@/features/s3-migrations/server";
import type { ChunkObject } from "@/features/s3-migrations/server/engine/chunk-repository";
import type { CopyContext } from "@/features/s3-migrations/server/engine/copy-context";
import { takeUpload } from "@/features/s3-migrations/server/engine/upload-attempt";
import { noteUpload } from "@/features/s3-migrations/server/engine/upload-repository";
import { openDestination } from "@/features/s3-migrations/server/stores/open-stores";
import { pool } from "@/server/db/client";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { setKilledMidway } from "@/tests/support/killed-midway";
import { setS3Stage } from "@/tests/support/s3-stage";
import { until } from "@/tests/support/until";

const stage = setS3Stage();
const killMidway = setKilledMidway(stage);
const ada = { name: "ada" };
const CUT = { fingerprint: "f", sizeBytes: 1, partBytes: 1, keptSum: 0 };

const left = async () => (await pool().query("select upload_id from s3.left_upload")).rowCount ?? 0;
const isAllGone = async (bucket: string) =>
  (await stage.world.openUploads(bucket)).length === 0 && (await left()) === 0;

async function placeOf(id: string): Promise<{ no: number; objectId: number }> {
  const { rows } = await pool().query<{ no: number; objectId: number }>(
    `select m.no, o.id as "objectId" from s3_migration m join s3.object o on o.migration_no = m.no where m.id = $1`,
    [id],
  );
  return rows[0] ?? { no: 0, objectId: 0 };
}

describe("a migration that is removed with an upload in parts under way", () => {
  it("leaves nothing at the destination, though the worker that gives it back is lost before it has", {
    timeout: 120_000,
  }, async () => {
    const { id, bucket, proxy } = await killMidway();
    await deleteS3Migration(id, ada);
    expect(await left()).toBe(1);
    let asked = 0;
    proxy.setFault(({ method }) => {
      if (method !== "DELETE") return undefined;
      asked += 1;
      return "reset";
    });
    const first = await stage.addWorker();
    await until("it was asked to", () => asked > 0, 30_000);
    await stage.kill(first);
    expect(await stage.world.openUploads(bucket)).toHaveLength(1);
    proxy.setFault(() => undefined);
    stage.runEngine();
    await until("nothing is left", () => isAllGone(bucket), 30_000);
    expect((await pool().query("select 1 from s3.upload")).rowCount).toBe(0);
    expect((await pool().query("select 1 from s3.upload_part")).rowCount).toBe(0);
  });

  it("leaves none that its worker began and had no time to name", { timeout: 120_000 }, async () => {
    const { id, bucket } = await killMidway();
    const { no, objectId } = await placeOf(id);
    await noteUpload(no, objectId, CUT);
    await deleteS3Migration(id, ada);
    // Begun after the removal, by one that has not noticed.
    const client = new S3Client({
      ...{ endpoint: stage.world.endpoint, region: "us-east-1", forcePathStyle: true },
      credentials: LOCAL_S3_CREDENTIALS,
    });
    stage.runEngine({ leaseMs: 1000, renewMs: 300 });
    await until("the named one is gone", async () => (await stage.world.openUploads(bucket)).length === 0, 30_000);
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: "large.bin" }));
    await until("nothing is left", () => isAllGone(bucket), 30_000);
  });

  it("has its worker take back what it begins, and begin nothing more", { timeout: 120_000 }, async () => {
    const { id, bucket } = await killMidway();
    const { no, objectId } = await placeOf(id);
    const real = openDestination(destinationSchema.parse(stage.world.destination(bucket)), 1);
    const destination = Object.create(real, {
      startUpload: {
        value: async (...given: Parameters<typeof real.startUpload>) => {
          await deleteS3Migration(id, ada);
          return real.startUpload(...given);
        },
      },
    });
    const context: Partial<CopyContext> = { destination, migrationNo: no, isMine: async () => true };
    const take = () =>
      takeUpload(
        { ...context, signal: AbortSignal.timeout(30_000) } as CopyContext,
        { id: objectId, key: "large.bin", destinationKey: "large.bin", etag: null } as ChunkObject,
        { cut: CUT, metadata: {} },
      );
    await expect(take()).rejects.toMatchObject({ storeCode: "LeaseLost" });
    expect(await stage.world.openUploads(bucket)).toEqual([]);
    await expect(take()).rejects.toMatchObject({ storeCode: "LeaseLost" });
    expect(await stage.world.openUploads(bucket)).toEqual([]);
    await real.close();
    stage.runEngine();
    await until("the note is gone as well", async () => (await left()) === 0, 30_000);
  });
});
