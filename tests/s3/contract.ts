import { randomBytes } from "node:crypto";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, it } from "vitest";
import { conditionChecks } from "./contract/conditions";
import { copyChecks } from "./contract/copies";
import { descriptionChecks } from "./contract/descriptions";
import { integrityChecks } from "./contract/integrity";
import { keyChecks } from "./contract/keys";
import { listingChecks } from "./contract/listing";
import { multipartChecks } from "./contract/multipart";
import { objectChecks } from "./contract/objects";
import { signatureChecks } from "./contract/signatures";
import { type S3Target, sdkClient } from "./target";

/** What a check gets: an empty-enough bucket of its group, and both clients. */
export type Room = { target: S3Target; s3: S3Client; bucket: string };

/** One promise of an S3 server; its name is also how a deviation names it. */
export type Check = [promise: string, run: (room: Room) => Promise<void>];

const GROUPS: [string, Check[]][] = [
  ["signatures", signatureChecks],
  ["integrity", integrityChecks],
  ["objects", objectChecks],
  ["descriptions", descriptionChecks],
  ["conditions", conditionChecks],
  ["listing", listingChecks],
  ["keys", keyChecks],
  ["copies", copyChecks],
  ["multipart", multipartChecks],
];

/**
 * The S3 behaviour the migration engine relies on, checked through the AWS SDK and through raw signed requests.
 * `deviations` names promises this server is known to break, with the reason: those must fail, so that a server that
 * improves is noticed.
 */
export function describeS3Contract(
  server: string,
  getTarget: () => S3Target,
  deviations: Record<string, string> = {},
): void {
  const known = new Set(GROUPS.flatMap(([, checks]) => checks.map(([promise]) => promise)));
  const unknown = Object.keys(deviations).filter((promise) => !known.has(promise));
  if (unknown.length > 0) throw new Error(`No such promise: ${unknown.join("; ")}`);

  describe.each(GROUPS)(`${server}: %s`, (group, checks) => {
    const room: Partial<Room> = {};
    beforeAll(async () => {
      const target = getTarget();
      const s3 = sdkClient(target);
      const bucket = `${group}-${randomBytes(4).toString("hex")}`;
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      Object.assign(room, { target, s3, bucket });
    });
    afterAll(() => room.s3?.destroy());

    for (const [promise, run] of checks) {
      const reason = deviations[promise];
      if (reason === undefined) it(promise, () => run(room as Room));
      else it.fails(`${promise} (known deviation: ${reason})`, () => run(room as Room));
    }
  });
}
