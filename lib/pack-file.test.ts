import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { packFile } from "./pack-file";

const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

describe("packFile", () => {
  it("packs a large file, which unpacks to what it was", async () => {
    const text = JSON.stringify(Array.from({ length: 30_000 }, (_, at) => ({ name: "SELECT", at })));
    const packed = await packFile(new Blob([text]));
    expect(packed.size).toBeLessThan(text.length / 5);
    expect(gunzipSync(await bytesOf(packed)).toString()).toBe(text);
  });

  it("leaves a small file and one that is packed already as they are", async () => {
    const small = new Blob(["{}"]);
    expect(await packFile(small)).toBe(small);
    const random = Buffer.from(Array.from({ length: 400_000 }, (_, at) => (at * 7919) % 251));
    const gzipped = new Blob([Buffer.concat([gzipSync(random, { level: 0 })])]);
    expect(await packFile(gzipped)).toBe(gzipped);
  });
});
