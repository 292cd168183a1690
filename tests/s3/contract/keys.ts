import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { raw, refusal } from "../target";

/** Puts each key with its own name as body, reads it back, and finds exactly these keys in the listing. */
async function expectDistinct({ s3, bucket }: Room, prefix: string, keys: readonly string[]): Promise<void> {
  for (const key of keys)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + key, Body: `body of ${key}` }));
  for (const key of keys) {
    const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key }));
    expect(await got.Body?.transformToString()).toBe(`body of ${key}`);
  }
  const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  expect(new Set(page.Contents?.map(({ Key }) => Key))).toEqual(new Set(keys.map((key) => prefix + key)));
}

const distinct = (promise: string, prefix: string, keys: string[]): Check => [
  promise,
  (room) => expectDistinct(room, prefix, keys),
];

// Segments short enough for servers that make them folder names.
const LONGEST = "k".repeat(200).concat("/").repeat(5).padEnd(1024, "z");

export const keyChecks: Check[] = [
  distinct("keeps a key and keys below it apart: a, a/b", "below/", ["a", "a/b", "a/b/c"]),
  distinct("keeps x//y and x/y apart", "slash/", ["x//y", "x/y"]),
  distinct("keeps data under a key that ends in a slash", "folder/", ["dir/", "dir/file"]),
  distinct("keeps NFC and NFD twins apart", "unicode/", ["\u00e9", "e\u0301"]),
  distinct("keeps case twins apart", "case/", ["IMG.png", "img.png"]),
  distinct("keeps plus, space and their percent codes apart", "codes/", ["a+b", "a b", "a%20b", "a%2Bb", "a%2Fb"]),
  distinct("keeps quotes, angle brackets, ampersands and emoji", "marks/", [
    `"quoted"`,
    "<tag>",
    "a&b",
    "😀.png",
    "it's",
  ]),
  [
    "keeps a key of 1,024 bytes",
    async ({ s3, bucket }) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: LONGEST, Body: "long" }));
      await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: LONGEST }));
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: LONGEST }));
    },
  ],
  [
    "refuses a key of 1,025 bytes",
    async ({ s3, bucket }) => {
      const attempt = s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${LONGEST}z`, Body: "long" }));
      expect(await refusal(attempt)).toEqual({ code: "KeyTooLongError", status: 400 });
    },
  ],
  [
    "never leaves its own ground by way of a key",
    async ({ target, bucket }) => {
      for (const key of ["../escape", "a/../../escape", "..%2F..%2Fescape", "%2e%2e/escape"]) {
        const reply = await raw(target, { method: "PUT", path: `/${bucket}/${key}`, body: "x" });
        expect([200, 400, 403]).toContain(reply.status);
        const elsewhere = await raw(target, { method: "GET", path: "/escape?list-type=2" });
        expect(elsewhere.status).toBe(404);
      }
    },
  ],
];
