import { describe, expect, it } from "vitest";
import { extraChecksum, isSameByTold, toldChecksums } from "./told-checksums";

const sum = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");

describe("checksums that an answer tells", () => {
  it("are taken of every algorithm S3 keeps", () => {
    const headers = {
      "x-amz-checksum-crc32": sum(4),
      "x-amz-checksum-crc32c": sum(4),
      "x-amz-checksum-crc64nvme": sum(8),
      "x-amz-checksum-sha1": sum(20),
      "x-amz-checksum-sha256": sum(32),
      "x-amz-checksum-type": "FULL_OBJECT",
      "content-length": "1",
    };
    expect(toldChecksums(headers)).toEqual({
      ...{ crc32: sum(4), crc32c: sum(4), crc64nvme: sum(8), sha1: sum(20), sha256: sum(32) },
    });
  });

  it("are none where they are of parts: by type, by the number of parts, by length", () => {
    expect(toldChecksums({ "x-amz-checksum-sha256": sum(32), "x-amz-checksum-type": "COMPOSITE" })).toEqual({});
    expect(toldChecksums({ "x-amz-checksum-sha256": `${sum(32)}-3` })).toEqual({});
    expect(toldChecksums({ "x-amz-checksum-crc64nvme": sum(4) })).toEqual({});
    expect(toldChecksums({ "x-amz-checksum-crc32": "" })).toEqual({});
  });

  it("are compared by the strongest that both sides tell, and by nothing where they share none", () => {
    expect(isSameByTold({ crc32: "a", sha256: "b" }, { crc32: "x", sha256: "b" })).toBe(true);
    expect(isSameByTold({ crc32: "a", sha256: "b" }, { crc32: "a", sha256: "c" })).toBe(false);
    expect(isSameByTold({ crc32c: "a" }, { crc32: "a" })).toBeUndefined();
    expect(isSameByTold({ md5: "a" }, { md5: "a" })).toBeUndefined();
  });

  it("ask for a sum of their own only where neither CRC-32 nor MD5 is told", () => {
    expect(extraChecksum({ md5: "m", sha256: "s" })).toBeUndefined();
    expect(extraChecksum({ crc32: "c", crc64nvme: "n" })).toBeUndefined();
    expect(extraChecksum({ crc64nvme: "n", crc32c: "c" })).toBe("crc64nvme");
    expect(extraChecksum({})).toBeUndefined();
  });
});
