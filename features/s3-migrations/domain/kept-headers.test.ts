import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepSchema } from "./keep-policy";
import {
  keptDifference,
  keptHeaders,
  keptLines,
  keptSum,
  readableMetadata,
  sendableMetadata,
  tagsToSend,
} from "./kept-headers";

const policy = keepSchema.parse({});
/** Bytes of UTF-8 as an HTTP library shows them. */
const asLatin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

describe("metadata beyond ASCII", () => {
  it("means the same however a server writes it", () => {
    const title = "naïve 😀";
    expect(readableMetadata(asLatin1(title))).toBe(title);
    expect(readableMetadata("=?UTF-8?B?bmHDr3ZlIPCfmIA=?=")).toBe(title);
    expect(readableMetadata("=?utf-8?q?na=C3=AFve_=F0=9F=98=80?=")).toBe(title);
    expect(readableMetadata("=?UTF-8?B?bmHDr3Zl?= =?UTF-8?B?IPCfmIA=?=")).toBe(title);
  });

  it("is left alone where it is no encoded word", () => {
    for (const text of ["plain", "=?UTF-8?B?%%%?=", "=?latin1?Q?x?=", "a =? b"]) {
      expect(readableMetadata(text)).toBe(text);
      expect(sendableMetadata(text)).toBe(text);
    }
  });

  it("can always be signed and sent, and is read back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        fc.pre(!text.includes("=?") && text === text.trim());
        const sent = sendableMetadata(asLatin1(text));
        expect(sent).toMatch(/^[\x20-\x7e]*$/);
        expect(readableMetadata(sent)).toBe(text);
        for (const word of sent.split(" ")) if (sent !== text) expect(word.length).toBeLessThanOrEqual(75);
      }),
    );
  });
});

describe("what is kept", () => {
  it("is what describes the object, not how its bytes once came in", () => {
    const answer = {
      "content-type": "text/css",
      "content-encoding": "aws-chunked,gzip",
      "x-amz-meta-a": "1",
      "x-amz-request-id": "7",
      date: "today",
    };
    expect(keptHeaders(answer)).toEqual({
      "content-type": "text/css",
      "content-encoding": "gzip",
      "x-amz-meta-a": "1",
    });
    expect(keptHeaders({ "content-encoding": "gzip,aws-chunked" })).toEqual({ "content-encoding": "gzip" });
    expect(keptHeaders({ "content-encoding": "aws-chunked" })).toEqual({});
  });

  it("has one sum for one meaning, whatever the spelling", () => {
    const one = { "content-type": "Text/HTML; Charset=UTF-8", expires: "Wed, 21 Oct 2026 07:28:00 GMT" };
    const other = { "content-type": "text/html;charset=utf-8", expires: "2026-10-21T07:28:00.000Z" };
    expect(keptSum(keptLines(policy, { headers: one }))).toBe(keptSum(keptLines(policy, { headers: other })));
    const changed = keptLines(policy, { headers: { ...one, "cache-control": "no-store" } });
    expect(keptSum(changed)).not.toBe(keptSum(keptLines(policy, { headers: one })));
    expect(keptDifference(changed, keptLines(policy, { headers: one }))).toEqual({
      told: "cache-control: no-store",
      found: "nothing",
    });
  });

  it("speaks of class, tags and grants only where the plan does", () => {
    const kept = { headers: {}, storageClass: "GLACIER_IR", tags: [["a", "1"]] as const, grants: ["read id=1"] };
    expect(keptLines(policy, kept)).toEqual(["content-type: binary/octet-stream"]);
    const all = keepSchema.parse({ storageClass: "keep", tags: "keep", acl: "keep" });
    expect(keptLines(all, kept)).toHaveLength(4);
  });

  it("adds the plan's tags to its own, and lets the plan's win", () => {
    const own = [
      ["a", "own"],
      ["b", "2"],
    ] as const;
    expect(tagsToSend(keepSchema.parse({ tags: "keep", addTags: { a: "plan" } }), own)).toEqual([
      ["b", "2"],
      ["a", "plan"],
    ]);
    expect(tagsToSend(keepSchema.parse({ addTags: { a: "plan" } }), own)).toEqual([["a", "plan"]]);
    expect(tagsToSend(policy, own)).toBeUndefined();
  });
});
