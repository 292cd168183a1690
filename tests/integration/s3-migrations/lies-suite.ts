import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OptionsInput } from "@/features/s3-migrations/domain/plan-spec";
import { createS3Migration } from "@/features/s3-migrations/server";
import { listFailures } from "@/features/s3-migrations/server/failure-repository";
import { errorTold, type Lie, type LyingS3, startLyingS3, type Told } from "@/tests/support/lying-s3";
import { waitFor, wrongTotals } from "@/tests/support/s3-engine";
import { setS3Stage } from "@/tests/support/s3-stage";
import { hashFiles, type S3World } from "@/tests/support/s3-world";

const MIB = 1024 * 1024;
const ada = { name: "ada" };
const END = new Set(["verified", "failed", "auto_stopped"]);

type Circle = "same token" | "same page" | "no token";

/** A last page that says there is more. */
function inCircles(told: Told, kind: Circle): Told {
  const token = kind === "same page" ? String(Math.random()) : "same";
  const more = kind === "no token" ? "" : `<NextContinuationToken>${token}</NextContinuationToken>`;
  const text = told.body.toString();
  const truncated = text.replace("<IsTruncated>false</IsTruncated>", `<IsTruncated>true</IsTruncated>${more}`);
  const body = Buffer.from(kind === "same token" ? truncated.replace(/<Contents>.*<\/Contents>/s, "") : truncated);
  return { ...told, headers: { ...told.headers, "content-length": body.length }, body };
}

/** A server between the engine and `server` that does not keep its promises: what is not there is never called proven. */
export function describeLies(server: string, openWorld: () => Promise<S3World>): void {
  const stage = setS3Stage(openWorld);
  let liar: LyingS3;
  beforeAll(async () => {
    liar = await startLyingS3(stage.world.endpoint);
  });
  afterEach(() => liar.setLie((_asked, ask) => ask()));
  afterAll(() => liar.stop());

  type Planned = {
    source?: Parameters<typeof createS3Migration>[0]["source"];
    options?: OptionsInput;
    timeoutMs?: number;
    settings?: Parameters<typeof stage.runEngine>[0];
  };

  async function migrate(
    files: Record<string, string | Buffer>,
    { source, options, timeoutMs = 60_000, settings }: Planned = {},
  ) {
    const root = await stage.world.makeFiles(files);
    const bucket = await stage.world.makeBucket();
    stage.runEngine(settings);
    const { id } = await createS3Migration(
      {
        name: "lies",
        source: source ?? { kind: "local", path: root },
        destination: stage.world.destination(bucket, { endpoint: liar.endpoint }),
        options: { maxDeltaPasses: 0, maxAttempts: 1, stopAtFailedShare: 1, ...options },
        start: true,
      },
      ada,
    );
    const done = await waitFor(id, ({ state }) => END.has(state), timeoutMs);
    expect(await wrongTotals(id)).toEqual([]);
    return { id, root, bucket, done, failures: (await listFailures(id, { limit: 20 })).failures };
  }

  /** Only of objects, not of the probe that looks what the server can do. */
  const onObjects =
    (lie: Lie): Lie =>
    (asked, ask) =>
      asked.path.includes("_ops-console-probe") ? ask() : lie(asked, ask);

  describe(`a server before ${server} that lies`, () => {
    it("stores other bytes and says that all is well: the stored checksum gives it away", {
      timeout: 90_000,
    }, async () => {
      liar.setLie(
        onObjects(async (asked, ask) => {
          const told = await ask();
          const [, bucket = "", ...key] = asked.path.split("/");
          if (asked.method === "PUT" && told.status === 200) {
            await stage.world.put(bucket, decodeURIComponent(key.join("/")), Buffer.alloc(asked.body.length, "?"));
          }
          return told;
        }),
      );
      const { done, failures } = await migrate({ a: "the bytes of a", b: "the bytes of b" });
      expect(done.counts).toMatchObject({ verified: 0, failed: 2 });
      expect(failures.map(({ errorClass }) => errorClass)).toEqual(["integrity", "integrity"]);
    });

    it("tells the right checksum of the wrong bytes: reading them back finds it", { timeout: 90_000 }, async () => {
      const heads = new Map<string, Record<string, string>>();
      liar.setLie(
        onObjects(async (asked, ask) => {
          const told = await ask();
          const [, bucket = "", ...key] = asked.path.split("/");
          if (asked.method === "PUT" && told.status === 200) {
            heads.set(asked.path, {
              etag: String(told.headers.etag),
              "x-amz-checksum-crc32": String(asked.headers["x-amz-checksum-crc32"]),
            });
            await stage.world.put(bucket, decodeURIComponent(key.join("/")), Buffer.alloc(asked.body.length, "?"));
          }
          return asked.method === "HEAD" ? { ...told, headers: { ...told.headers, ...heads.get(asked.path) } } : told;
        }),
      );
      const { done, failures } = await migrate({ a: "the bytes of a" }, { options: { verify: "read_back" } });
      expect(done.counts).toMatchObject({ verified: 0, failed: 1 });
      expect(failures).toMatchObject([{ errorClass: "integrity", code: "BytesMismatch" }]);
    });

    it("answers 200 with an error inside, completing parts and copying: tried again, never believed", {
      timeout: 120_000,
    }, async () => {
      const refused = new Set<string>();
      liar.setLie(
        onObjects(async (asked, ask) => {
          const isComplete = asked.method === "POST" && asked.query.has("uploadId");
          const isCopy = asked.headers["x-amz-copy-source"] !== undefined;
          if ((!isComplete && !isCopy) || refused.has(asked.path)) return ask();
          refused.add(asked.path);
          return errorTold(200, "InternalError");
        }),
      );
      const parts = await migrate(
        { large: Buffer.alloc(6 * MIB, "l") },
        { options: { multipartThresholdBytes: 5 * MIB, partSizeBytes: 5 * MIB, maxAttempts: 5 } },
      );
      expect(parts.done.state).toBe("verified");
      expect(await stage.world.hashBucket(parts.bucket)).toEqual(await hashFiles(parts.root));
      const source = stage.world.destination(parts.bucket, { endpoint: liar.endpoint });
      const copied = await migrate({}, { source, options: { maxAttempts: 5 } });
      expect(copied.done.state).toBe("verified");
      expect(await stage.world.hashBucket(copied.bucket)).toEqual(await stage.world.hashBucket(parts.bucket));
      expect(refused.size).toBe(2);
    });

    it("cannot copy parts, or says that it did and did not: the bytes come by or the object fails, nothing is left open", {
      timeout: 120_000,
    }, async () => {
      const body = Buffer.alloc(11 * MIB, "p");
      const { bucket: from } = await migrate({ large: body });
      const source = stage.world.destination(from, { endpoint: liar.endpoint });
      const isPartCopy = ({ headers, query }: { headers: object; query: URLSearchParams }) =>
        "x-amz-copy-source" in headers && query.has("partNumber");
      const settings = { serverCopyBytes: 5 * MIB };
      liar.setLie(async (asked, ask) => (isPartCopy(asked) ? errorTold(501, "NotImplemented") : ask()));
      const unable = await migrate({}, { source, settings });
      expect(unable.done.state).toBe("verified");
      expect(await stage.world.hashBucket(unable.bucket)).toEqual(await stage.world.hashBucket(from));
      expect(await stage.world.openUploads(unable.bucket)).toEqual([]);
      // Says 200 and fails inside, every time: an object that could not be copied is never called copied.
      liar.setLie(async (asked, ask) => {
        if (isPartCopy(asked) && asked.query.get("partNumber") === "2") {
          return errorTold(200, "InternalError");
        }
        return ask();
      });
      const broken = await migrate({}, { source, settings });
      const there = await stage.world.hashBucket(broken.bucket);
      if (broken.done.state === "failed") expect(there).toEqual(new Map());
      else expect(there).toEqual(await stage.world.hashBucket(from));
      expect(await stage.world.openUploads(broken.bucket)).toEqual([]);
    });

    it("knows no conditions and no checksums: that is found first, and nothing is called surer than it is", {
      timeout: 60_000,
    }, async () => {
      liar.setLie(async (asked, ask) => {
        if (asked.headers["if-none-match"] !== undefined) return errorTold(501, "NotImplemented");
        const told = await ask();
        const headers = Object.entries(told.headers).filter(([name]) => !name.startsWith("x-amz-checksum"));
        return { ...told, headers: Object.fromEntries(headers) };
      });
      const { done, bucket, root } = await migrate({ a: "1", b: "22" });
      expect(done).toMatchObject({ state: "verified", abilities: { ifNoneMatch: false, storesChecksum: false } });
      expect(done.tiers.map(({ tier }) => tier)).toEqual(["acknowledged"]);
      expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
    });

    it("says nothing more on a connection it took: given up within 30 s, then done again", {
      timeout: 120_000,
    }, async () => {
      const stalled = new Set<string>();
      liar.setLie(
        onObjects(async (asked, ask) => {
          if (asked.method !== "PUT" || stalled.size > 0) return ask();
          stalled.add(asked.path);
          return "stall";
        }),
      );
      const { done, bucket, root } = await migrate(
        { a: "1", b: "22" },
        { options: { maxAttempts: 5 }, timeoutMs: 90_000 },
      );
      expect(done).toMatchObject({ state: "verified", engine: { retries: 1 } });
      expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
    });

    it("finds our clock wrong: one stop with the reason, no object fails", { timeout: 60_000 }, async () => {
      liar.setLie(
        onObjects(async (asked, ask) => (asked.method === "PUT" ? errorTold(403, "RequestTimeTooSkewed") : ask())),
      );
      const { done } = await migrate({ a: "1", b: "22", c: "3" });
      expect(done.stopped).toMatchObject({ errorClass: "auth" });
      expect(done.stopped?.message).toContain("RequestTimeTooSkewed");
      expect(done.counts).toMatchObject({ failed: 0, pending: 3 });
    });

    it("lists in circles, or nothing while it says there is more: never sealed", { timeout: 150_000 }, async () => {
      const kinds = new Map<string, Circle>();
      for (const kind of ["same token", "same page", "no token"] as const) {
        const from = await stage.world.makeBucket();
        for (const key of ["a", "b", "c"]) await stage.world.put(from, key, key);
        kinds.set(from, kind);
      }
      liar.setLie(async (asked, ask) => {
        const kind = kinds.get(asked.path.split("/")[1] ?? "");
        return kind !== undefined && asked.query.has("list-type") ? inCircles(await ask(), kind) : ask();
      });
      for (let worker = 0; worker < kinds.size; worker += 1) stage.runEngine();
      const look = async ([from, kind]: [string, Circle]) => {
        const source = stage.world.destination(from, { endpoint: liar.endpoint });
        const destination = stage.world.destination(await stage.world.makeBucket());
        const { id } = await createS3Migration({ name: kind, source, destination }, ada);
        const end = await waitFor(id, ({ state }) => state === "failed" || state === "planned", 90_000);
        return [kind, end.state, end.inventory.sealedAt];
      };
      expect(await Promise.all([...kinds].map(look))).toEqual(
        [...kinds.values()].map((kind) => [kind, "failed", null]),
      );
    });
  });

  describe(`sizes around the borders to ${server}`, () => {
    it("take the right way and are proven: nothing, 5 MiB, a byte less and more, more than one part", {
      timeout: 90_000,
    }, async () => {
      const sizes = [0, 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 10 * MIB, 10 * MIB + 1];
      const files = Object.fromEntries(sizes.map((size) => [`s${size}`, Buffer.alloc(size, String(size))]));
      const options = { multipartThresholdBytes: 5 * MIB, partSizeBytes: 64 * 1024 };
      // Beyond the buffer's size parts are cut: the same objects again behind 16 MiB.
      const large = Object.fromEntries([16 * MIB, 16 * MIB + 1].map((size) => [`s${size}`, Buffer.alloc(size, "L")]));
      const { done, bucket, root } = await migrate({ ...files, ...large }, { options });
      expect(done.state).toBe("verified");
      expect(done.tiers.map(({ tier }) => tier)).toEqual(["stored"]);
      expect(await stage.world.hashBucket(bucket)).toEqual(await hashFiles(root));
      expect(await stage.world.openUploads(bucket)).toEqual([]);
    });

    it("leave out loops, pipes and sockets by name, and never wait for one", { timeout: 60_000 }, async () => {
      const root = await stage.world.makeFiles({ good: "1", "a/b": "2" });
      fs.symlinkSync("loop", path.join(root, "loop"));
      fs.symlinkSync("..", path.join(root, "a/up"));
      execFileSync("mkfifo", [path.join(root, "pipe")]);
      const { done } = await migrate({}, { source: { kind: "local", path: root } });
      expect(done).toMatchObject({ counts: { verified: 2, skipped_filtered: 3 } });
    });
  });
}
