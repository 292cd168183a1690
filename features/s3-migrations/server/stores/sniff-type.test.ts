import fc from "fast-check";
import { fileTypeFromBuffer } from "file-type";
import { describe, expect, it } from "vitest";
import { SNIFFED_BYTES, sniffType } from "./sniff-type";

/** The library alone. */
async function oracle(body: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(body.subarray(0, SNIFFED_BYTES)))?.mime;
  } catch {
    return undefined;
  }
}

async function agree(body: Uint8Array): Promise<void> {
  expect(await sniffType(Buffer.from(body))).toBe(await oracle(body));
}
const bytes = (...parts: (number[] | string)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1")));

/** Beginnings of formats, and where they stand. */
const SIGNATURES: readonly { offset: number; head: Buffer }[] = [
  ...[
    "GIF89a",
    "BM",
    "%PDF-1.7",
    "PK\x03\x04",
    "ID3",
    "OggS",
    "RIFFxxxxWEBP",
    "8BPS",
    "<?xml version",
    "FWS\x05",
    "CWS\x05",
  ],
  ...[
    "\xff\xd8\xff\xe0",
    "\xff\xfb\x90\x44",
    "\xff\xf1\x50\x80",
    "\x1f\x8b\x08",
    "MZ",
    "wOFF\x00\x01\x00\x00",
    "fLaC",
    "{\\rtf",
  ],
  ...[
    "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
    "\xef\xbb\xbf<?xml ",
    "\xff\xfe<\x00?\x00",
    "II*\x00",
    "MM\x00*",
    "\x04\x00\x00\x00",
  ],
].map((text) => ({ offset: 0, head: bytes(text) }));
const LATER = [
  { offset: 4, head: bytes("ftypisom") },
  { offset: 4, head: bytes("moov") },
  { offset: 2, head: bytes("-lh5-") },
  { offset: 36, head: bytes("acsp") },
  { offset: 128, head: bytes("DICM") },
  { offset: 257, head: bytes("ustar\0") },
  { offset: 60, head: bytes("BOOKMOBI") },
  { offset: 44, head: bytes("SCRM") },
];

describe("sniffType", () => {
  it("says what the library says of any bytes", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), agree), { numRuns: 400 });
  });

  it("says what the library says of any beginning with any tail", async () => {
    const place = fc.constantFrom(...SIGNATURES, ...LATER);
    await fc.assert(
      fc.asyncProperty(place, fc.uint8Array({ minLength: 0, maxLength: 700 }), async ({ offset, head }, tail) => {
        await agree(Buffer.concat([Buffer.alloc(offset, 0x7e), head, tail]));
        const body = Buffer.from(tail);
        head.copy(body, offset);
        await agree(body);
      }),
      { numRuns: 600 },
    );
  });

  it("says what the library says of every pair of first bytes", async () => {
    for (let pair = 0; pair < 65_536; pair += 7) {
      const body = Buffer.alloc(300, 0x7e);
      body.writeUInt16BE(pair, 0);
      await agree(body);
    }
  });

  it("knows the types people store", async () => {
    expect(await sniffType(bytes("GIF89a", "x".repeat(50)))).toBe("image/gif");
    expect(await sniffType(bytes([0xff, 0xd8, 0xff, 0xe0], "x".repeat(50)))).toBe("image/jpeg");
    expect(await sniffType(bytes("\0".repeat(257), "ustar\0", "x".repeat(300)))).toBe("application/x-tar");
    expect(await sniffType(bytes("a,b,c\n1,2,3\n"))).toBeUndefined();
    expect(await sniffType(Buffer.alloc(0))).toBeUndefined();
  });
});
