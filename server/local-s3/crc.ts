/** An incremental digest; `digest` gives big-endian bytes and may be called once. */
export type Hasher = { update: (bytes: Uint8Array) => void; digest: () => Buffer };

const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC64NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const LOW_32_BITS = 0xffff_ffffn;

function crc32cTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ CRC32C_POLYNOMIAL : value >>> 1;
    return value >>> 0;
  });
}

function crc64Tables(): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(256);
  const high = new Uint32Array(256);
  for (let index = 0; index < 256; index += 1) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ CRC64NVME_POLYNOMIAL : value >> 1n;
    low[index] = Number(value & LOW_32_BITS);
    high[index] = Number(value >> 32n);
  }
  return { low, high };
}

let table32: Uint32Array | undefined;
let table64: { low: Uint32Array; high: Uint32Array } | undefined;

/** CRC-32C (Castagnoli), reflected, table-driven: RFC 3720 appendix B.4. */
export function crc32cHasher(): Hasher {
  table32 ??= crc32cTable();
  const table = table32;
  let crc = 0xffff_ffff;
  return {
    update(bytes) {
      for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE((crc ^ 0xffff_ffff) >>> 0);
      return out;
    },
  };
}

/** CRC-64/NVME as S3 uses it; two 32-bit halves, because BigInt per byte is fifty times slower. */
export function crc64nvmeHasher(): Hasher {
  table64 ??= crc64Tables();
  const tables = table64;
  let low = 0xffff_ffff;
  let high = 0xffff_ffff;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (tables.low[index] ?? 0);
        high = (high >>> 8) ^ (tables.high[index] ?? 0);
      }
    },
    digest() {
      const out = Buffer.alloc(8);
      out.writeUInt32BE((high ^ 0xffff_ffff) >>> 0, 0);
      out.writeUInt32BE((low ^ 0xffff_ffff) >>> 0, 4);
      return out;
    },
  };
}
