import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { refusal } from "../target";

const RACERS = 20;

async function put(
  { s3, bucket }: Room,
  key: string,
  body: string,
  condition: { IfMatch?: string; IfNoneMatch?: string } = {},
) {
  const reply = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition }));
  return reply.ETag ?? "";
}

async function text({ s3, bucket }: Room, key: string): Promise<string> {
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await got.Body?.transformToString()) ?? "";
}

export const conditionChecks: Check[] = [
  [
    "If-None-Match: * creates once and never overwrites",
    async (room) => {
      await put(room, "once", "first", { IfNoneMatch: "*" });
      expect(await refusal(put(room, "once", "second", { IfNoneMatch: "*" }))).toEqual({
        code: "PreconditionFailed",
        status: 412,
      });
      expect(await text(room, "once")).toBe("first");
    },
  ],
  [
    "If-None-Match: * lets exactly one of 20 parallel writers win",
    async (room) => {
      const racers = Array.from({ length: RACERS }, (_, index) =>
        put(room, "race", `writer ${index}`, { IfNoneMatch: "*" }),
      );
      const results = await Promise.allSettled(racers);
      const winners = results.flatMap(({ status }, index) => (status === "fulfilled" ? [index] : []));
      expect(winners).toHaveLength(1);
      expect(await text(room, "race")).toBe(`writer ${winners[0]}`);
    },
  ],
  [
    "If-Match replaces only the version it names",
    async (room) => {
      const first = await put(room, "swap", "first");
      await put(room, "swap", "second", { IfMatch: first });
      expect(await refusal(put(room, "swap", "third", { IfMatch: first }))).toEqual({
        code: "PreconditionFailed",
        status: 412,
      });
      expect(await text(room, "swap")).toBe("second");
      expect((await refusal(put(room, "swap-missing", "x", { IfMatch: first }))).status).toBe(404);
    },
  ],
  [
    "If-Match and If-None-Match guard a read",
    async (room) => {
      const { s3, bucket } = room;
      const etag = await put(room, "read", "bytes");
      const get = (condition: object) => s3.send(new GetObjectCommand({ Bucket: bucket, Key: "read", ...condition }));
      expect((await get({ IfMatch: etag })).ContentLength).toBe(5);
      expect((await refusal(get({ IfMatch: '"0123456789abcdef0123456789abcdef"' }))).status).toBe(412);
      expect((await refusal(get({ IfNoneMatch: etag }))).status).toBe(304);
      expect((await get({ IfNoneMatch: '"0123456789abcdef0123456789abcdef"' })).ContentLength).toBe(5);
    },
  ],
];
