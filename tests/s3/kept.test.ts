import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { createS3Migration, preflightS3Migration } from "@/features/s3-migrations/server";
import { describeKept } from "@/tests/integration/s3-migrations/kept-suite";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import type { S3World } from "@/tests/support/s3-world";
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

describeKept("versitygw 1.8.0, posix", openVersitygwWorld, sdk);

describe("a server that has no storage classes", () => {
  const stage = setS3Stage(openVersitygwWorld);

  it("is refused at the plan that wants them kept", { timeout: 60_000 }, async () => {
    const root = await stage.world.makeFiles({ a: "1" });
    const destination = stage.world.destination(await stage.world.makeBucket());
    const source = { kind: "local", path: root } as const;
    const options = { keep: { storageClass: "STANDARD_IA" } } as const;
    stage.runEngine();
    const dryRun = await preflightS3Migration({ source, destination, options }, AbortSignal.timeout(30_000));
    expect(dryRun.isReady).toBe(false);
    expect(dryRun.checks.find(({ name }) => name === "Kept")?.outcome).toBe("failed");
    const { id } = await createS3Migration({ name: "class", source, destination, options }, { name: "ada" });
    const refused = await waitFor(id, ({ state }) => state === "failed");
    expect(refused.stopped).toMatchObject({ errorClass: "unsupported" });
    expect(refused.stopped?.message).toContain("storage class");
  });
});
