import { S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { LOCAL_S3_CREDENTIALS } from "@/server/local-s3/start-local-s3";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { startS3World } from "@/tests/support/s3-world";
import { describeKeys } from "./keys-suite";

describeKeys("the local server", {
  openWorld: () => startS3World(),
  sdk: ({ endpoint }) =>
    new S3Client({ endpoint, region: "us-east-1", credentials: LOCAL_S3_CREDENTIALS, forcePathStyle: true }),
  holdsEveryKey: true,
  spellsControls: true,
});

const stage = setS3Stage();

it("a key with a dot segment is refused while planning, never folded into another", async () => {
  const from = await stage.world.makeBucket();
  // "a%2F..%2Fb" is the key "a/../b" on the wire: no client that folds paths can send it.
  const keys = ["a/b", "a%2F..%2Fb"];
  for (const key of keys) await stage.world.put(from, key, key);
  stage.runEngine();
  const stores = {
    source: stage.world.destination(from),
    destination: stage.world.destination(await stage.world.makeBucket()),
  };
  const rules = [{ match: "a%2F..%2Fb", to: "a/../b" }];
  const { id } = await createS3Migration(
    { name: "dots", ...stores, options: { keyMap: { kind: "template", rules, otherwise: "keep" } }, start: true },
    { name: "ada" },
  );
  const done = await waitFor(id, ({ state }) => state === "failed");
  expect(done.counts).toMatchObject({ verified: 1, failed: 1 });
  expect((await listFailures(id, { limit: 5 })).failures).toMatchObject([{ errorClass: "invalid_key" }]);
});
