import { WIRE_BYTES, WIRE_FIXED32, WIRE_FIXED64, WIRE_VARINT } from "./wire-reader";

/** Appends protobuf fields to a growing list of buffers. `finish` joins them once. */
export class WireWriter {
  private readonly parts: Buffer[] = [];
  private size = 0;

  get length(): number {
    return this.size;
  }

  /** Raw bytes, already encoded. */
  raw(bytes: Buffer): void {
    this.parts.push(bytes);
    this.size += bytes.length;
  }

  bytes(field: number, value: Buffer): void {
    this.raw(fieldHeader(field, value.length));
    this.raw(value);
  }

  text(field: number, value: string): void {
    this.bytes(field, Buffer.from(value, "utf8"));
  }

  message(field: number, writer: WireWriter): void {
    this.raw(fieldHeader(field, writer.size));
    for (const part of writer.parts) this.raw(part);
  }

  /** An unsigned number below 2^53. */
  number(field: number, value: number): void {
    this.raw(Buffer.from([...varint(field * 8 + WIRE_VARINT), ...varint(value)]));
  }

  int64(field: number, value: bigint): void {
    const bytes = [...varint(field * 8 + WIRE_VARINT)];
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Buffer.from(bytes));
  }

  fixed64(field: number, value: bigint): void {
    const buffer = Buffer.alloc(9);
    buffer[0] = field * 8 + WIRE_FIXED64;
    buffer.writeBigUInt64LE(BigInt.asUintN(64, value), 1);
    this.raw(buffer);
  }

  fixed32(field: number, value: number): void {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value >>> 0);
    this.raw(Buffer.from(varint(field * 8 + WIRE_FIXED32)));
    this.raw(buffer);
  }

  double(field: number, value: number): void {
    const buffer = Buffer.alloc(9);
    buffer[0] = field * 8 + WIRE_FIXED64;
    buffer.writeDoubleLE(value, 1);
    this.raw(buffer);
  }

  finish(): Buffer {
    return Buffer.concat(this.parts, this.size);
  }
}

/** Tag and length of a length-delimited field. */
export function fieldHeader(field: number, length: number): Buffer {
  return Buffer.from([...varint(field * 8 + WIRE_BYTES), ...varint(length)]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
