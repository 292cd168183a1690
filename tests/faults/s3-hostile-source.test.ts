import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { type FakeSource, sendWhole, startFakeSource } from "@/tests/support/fake-source";
import { waitFor } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";

const stage = setS3Stage();

let source: FakeSource | undefined;

afterEach(async () => {
  await source?.stop();
});

/** Copies what the source pretends to hold until that is over; gives the end and the keys that arrived. */
async function copyFrom(
  listed: Record<string, number>,
  answer: (key: string, response: ServerResponse) => void,
  prefix = "",
) {
  source = await startFakeSource(listed, answer);
  const bucket = await stage.world.makeBucket();
  stage.runEngine();
  const from = stage.world.destination("pretended", { endpoint: source.endpoint, prefix });
  const { id } = await createS3Migration(
    {
      name: "hostile",
      source: from,
      destination: stage.world.destination(bucket),
      options: { maxAttempts: 1 },
      start: true,
    },
    { name: "ada" },
  );
  const end = await waitFor(id, ({ state }) => ["verified", "failed", "auto_stopped"].includes(state), 40_000);
  return {
    end,
    failures: (await listFailures(id, { limit: 10 })).failures,
    arrived: await stage.world.hashBucket(bucket),
  };
}

describe("a source that does not tell the truth", () => {
  it("with answers that end early and tell no length: nothing short is stored", async () => {
    const { end, failures, arrived } = await copyFrom({ empty: 100, short: 100 }, (key, response) => {
      response.writeHead(200, { etag: '"not-an-md5"' });
      if (key === "short") response.write("only this");
      response.end();
    });
    expect(end).toMatchObject({ counts: { failed: 2, verified: 0 }, inventory: { bytes: 200 } });
    expect(failures.map(({ code }) => code)).toEqual(["TruncatedBody", "TruncatedBody"]);
    expect(arrived.size).toBe(0);
  });

  it("with a NUL in a key and in an error: both are listed, the others are copied", async () => {
    const { end, failures, arrived } = await copyFrom({ good: 5, "n%00ul": 5, odd: 5 }, (key, response) => {
      if (key === "good") return sendWhole(response, "hello");
      response.writeHead(418);
      response.end("<Error><Code>Od&#0;d</Code><Message>a&#0;b&#xD800;</Message></Error>");
    });
    expect(end).toMatchObject({ state: "failed", counts: { verified: 1, failed: 2 } });
    expect(failures.map(({ key, code }) => [key, code])).toEqual([
      ["n\u2400ul", "InvalidKey"],
      ["odd", "Od\uFFFDd"],
    ]);
    expect([...arrived.keys()]).toEqual(["good"]);
  });

  it("with keys outside the prefix: the listing is refused, nothing is copied under another name", async () => {
    const answer = (_key: string, response: ServerResponse) => sendWhole(response, "hello");
    const { end, arrived } = await copyFrom({ "other/secret": 5 }, answer, "mine/");
    expect(end.stopped?.message).toContain("outside the prefix");
    expect(arrived.size).toBe(0);
  });
});
