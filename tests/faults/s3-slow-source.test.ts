import { afterEach, describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { saveCommand } from "@/features/s3-migrations/server/command-repository";
import { type FakeSource, sendWhole, startFakeSource } from "@/tests/support/fake-source";
import { FAST, waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { until } from "../support/until";

const stage = setS3Stage();

let source: FakeSource | undefined;
afterEach(() => source?.stop());

async function startMigration(listingMs: number) {
  source = await startFakeSource({ a: 5, b: 5 }, (_key, response) => sendWhole(response, "hello"), { listingMs });
  const slow = source;
  const { id } = await createS3Migration(
    {
      name: "slow",
      source: stage.world.destination("pretended", { endpoint: slow.endpoint }),
      destination: stage.world.destination(await stage.world.makeBucket()),
      // The look after the copy would be a second listing.
      options: { maxDeltaPasses: 0 },
      start: true,
    },
    { name: "ada" },
  );
  return { id, slow };
}

describe("a source that lists slower than a lease lasts", () => {
  it("is listed once, by one worker", { timeout: 60_000 }, async () => {
    const { id, slow } = await startMigration(FAST.leaseMs * 2.5);
    stage.runEngine();
    stage.runEngine();
    await waitFor(id, ({ state }) => state === "verified", 40_000);
    expect(slow.listings()).toBe(1);
  });

  it("is left alone soon after a pause, without waiting for its answer", { timeout: 60_000 }, async () => {
    const { id, slow } = await startMigration(3_600_000);
    stage.runEngine();
    await until("the listing is asked for", () => slow.listings() === 1);
    await saveCommand({ id, verb: "pause", actor: "ada", idempotencyKey: "pause-it" });
    await waitFor(id, ({ state }) => state === "paused", 10_000);
  });
});
