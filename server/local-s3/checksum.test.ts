import { describe, expect, it } from "vitest";
import { CHECKSUM_ALGORITHMS, compositeChecksum, hasherFor } from "./checksum";

// The check values of the CRC catalogue, and FIPS 180's, for "123456789".
const EXPECTED = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  CRC64NVME: "ae8b14860a799888",
} as const;

describe("checksums", () => {
  it.each(CHECKSUM_ALGORITHMS)("%s gives its published check value, whole or in pieces", (algorithm) => {
    const whole = hasherFor(algorithm);
    whole.update(Buffer.from("123456789"));
    const pieces = hasherFor(algorithm);
    for (const piece of ["1", "", "2345", "6789"]) pieces.update(Buffer.from(piece));
    expect(whole.digest().toString("hex")).toBe(EXPECTED[algorithm]);
    expect(pieces.digest().toString("hex")).toBe(EXPECTED[algorithm]);
  });

  it("names the number of parts in a composite checksum", () => {
    expect(compositeChecksum("CRC32", ["y/Q5Jg==", "y/Q5Jg=="])).toMatch(/^.{8}-2$/);
  });
});
