import { ListObjectsV2Command, type ListObjectsV2CommandInput, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";
import { raw } from "../target";

const IN_BYTE_ORDER = ["A", "Z", "a", "a b", "a!", "a/1", "a/2", "a0", "b/c/d", "z", "é", "ﾮ", "😀"].sort((x, y) =>
  Buffer.compare(Buffer.from(x), Buffer.from(y)),
);

async function fill({ s3, bucket }: Room, prefix: string, keys: readonly string[]): Promise<void> {
  for (const key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + key, Body: key }));
}

async function listAll({ s3, bucket }: Room, input: Omit<ListObjectsV2CommandInput, "Bucket">) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let pages = 0;
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ...input, ContinuationToken: token }));
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""));
    expect(page.KeyCount).toBe((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
    expect(page.IsTruncated ?? false).toBe(page.NextContinuationToken !== undefined);
    token = page.NextContinuationToken;
    pages += 1;
  } while (token !== undefined);
  return { keys, prefixes, pages };
}

const ORDERED = IN_BYTE_ORDER.filter((key) => key !== "a" && key !== "b/c/d");

export const listingChecks: Check[] = [
  [
    "lists an empty prefix as nothing",
    async (room) => expect(await listAll(room, { Prefix: "void/" })).toEqual({ keys: [], prefixes: [], pages: 1 }),
  ],
  [
    "lists in the order of UTF-8 bytes, whatever the page size",
    async (room) => {
      await fill(room, "order/", ORDERED);
      const expected = ORDERED.map((key) => `order/${key}`);
      expect((await listAll(room, { Prefix: "order/" })).keys).toEqual(expected);
      const paged = await listAll(room, { Prefix: "order/", MaxKeys: 3 });
      expect(paged.keys).toEqual(expected);
      expect(paged.pages).toBe(Math.ceil(expected.length / 3));
    },
  ],
  [
    "rolls keys up behind a delimiter, across pages too",
    async (room) => {
      await fill(room, "roll/", ["a/1", "a/2", "a/3", "b", "c/1/2", "d"]);
      for (const MaxKeys of [1, 2, 1000]) {
        const { keys, prefixes } = await listAll(room, { Prefix: "roll/", Delimiter: "/", MaxKeys });
        expect({ keys, prefixes }).toEqual({ keys: ["roll/b", "roll/d"], prefixes: ["roll/a/", "roll/c/"] });
      }
    },
  ],
  [
    "starts after the key it is told",
    async (room) => {
      await fill(room, "after/", ["1", "2", "3"]);
      expect((await listAll(room, { Prefix: "after/", StartAfter: "after/1" })).keys).toEqual(["after/2", "after/3"]);
      expect((await listAll(room, { Prefix: "after/", StartAfter: "after/0" })).keys).toHaveLength(3);
    },
  ],
  [
    "tells size and ETag of each key",
    async (room) => {
      await fill(room, "facts/", ["sized"]);
      const page = await room.s3.send(new ListObjectsV2Command({ Bucket: room.bucket, Prefix: "facts/" }));
      expect(page.Contents).toMatchObject([
        { Key: "facts/sized", Size: 5, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) },
      ]);
    },
  ],
  [
    "percent-encodes keys when asked",
    async (room) => {
      await fill(room, "enc/", ["a b&ü"]);
      const path = `/${room.bucket}?encoding-type=url&list-type=2&prefix=enc%2F`;
      const { text } = await raw(room.target, { method: "GET", path });
      expect(text).toMatch(/<Key>enc\/a(%20|\+)b%26%C3%BC<\/Key>/);
      expect(text).toContain("<EncodingType>url</EncodingType>");
    },
  ],
  [
    "pages through 1,200 keys, each once",
    async (room) => {
      const names = Array.from({ length: 1200 }, (_, index) => String(index).padStart(5, "0"));
      for (let at = 0; at < names.length; at += 30)
        await Promise.all(names.slice(at, at + 30).map((name) => fill(room, "many/", [name])));
      const { keys, pages } = await listAll(room, { Prefix: "many/" });
      expect(keys).toEqual(names.map((name) => `many/${name}`));
      expect(pages).toBe(2);
    },
  ],
  [
    "refuses a continuation token it never gave",
    async (room) => {
      const path = `/${room.bucket}?continuation-token=%21nonsense%21&list-type=2`;
      expect(await raw(room.target, { method: "GET", path })).toMatchObject({ status: 400, code: "InvalidArgument" });
    },
  ],
];
