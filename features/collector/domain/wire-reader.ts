import { AppError } from "@/lib/errors";

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_FIXED32 = 5;

/** A refusal for bytes that are not the protobuf message they claim to be. */
export function malformed(reason: string): AppError {
  return new AppError("invalid_input", `The protobuf message is malformed: ${reason}.`);
}

/**
 * Walks one protobuf message inside a larger buffer without copying it. Every read is checked against the message's
 * own end, so a length that lies is a refusal, never a read of a neighbour. Groups are refused: proto3 has none.
 */
export class WireReader {
  readonly bytes: Buffer;
  readonly end: number;
  position: number;
  /** Wire type of the field last announced by {@link nextField}. */
  wireType = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Number of the next field, or 0 at the end of the message. */
  nextField(): number {
    if (this.position >= this.end) return 0;
    const tag = this.varint();
    this.wireType = tag % 8;
    const field = Math.floor(tag / 8);
    if (field === 0 || field > 536_870_911) throw malformed("a field number is out of range");
    return field;
  }

  /** An unsigned varint; exact up to 2^53, which lengths, counts and enums never reach. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      if (this.position >= this.end) break;
      const byte = this.bytes[this.position++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw malformed("a number is cut or too long");
  }

  /** A signed 64-bit varint, exact. */
  int64(): bigint {
    this.expect(WIRE_VARINT);
    const start = this.position;
    const near = this.varint();
    if (near <= Number.MAX_SAFE_INTEGER) return BigInt(near);
    let value = 0n;
    for (let at = start; at < this.position; at += 1) {
      value |= BigInt((this.bytes[at] ?? 0) & 0x7f) << BigInt(7 * (at - start));
    }
    return BigInt.asIntN(64, value);
  }

  /** A varint where the wire type has been announced as one. */
  number(): number {
    this.expect(WIRE_VARINT);
    return this.varint();
  }

  fixed64(): bigint {
    this.expect(WIRE_FIXED64);
    return this.bytes.readBigUInt64LE(this.advance(8));
  }

  fixed32(): number {
    this.expect(WIRE_FIXED32);
    return this.bytes.readUInt32LE(this.advance(4));
  }

  double(): number {
    this.expect(WIRE_FIXED64);
    return this.bytes.readDoubleLE(this.advance(8));
  }

  /** Enters a length-delimited field: returns a reader of just that message and moves past it. */
  message(): WireReader {
    this.expect(WIRE_BYTES);
    const length = this.varint();
    const start = this.advance(length);
    return new WireReader(this.bytes, start, start + length);
  }

  /** A view, not a copy, of a length-delimited field. */
  view(): Buffer {
    this.expect(WIRE_BYTES);
    const length = this.varint();
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Text; bytes that are not UTF-8 become U+FFFD. */
  text(): string {
    this.expect(WIRE_BYTES);
    const length = this.varint();
    const start = this.advance(length);
    return this.bytes.toString("utf8", start, start + length);
  }

  /** Moves past a field nobody asked for. */
  skip(): void {
    if (this.wireType === WIRE_VARINT) this.varint();
    else if (this.wireType === WIRE_FIXED64) this.advance(8);
    else if (this.wireType === WIRE_FIXED32) this.advance(4);
    else if (this.wireType === WIRE_BYTES) this.advance(this.varint());
    else throw malformed(`wire type ${this.wireType} is not used by OTLP`);
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) throw malformed(`a field has wire type ${this.wireType} instead of ${wireType}`);
  }

  private advance(length: number): number {
    const start = this.position;
    if (start + length > this.end) throw malformed("a length points past the end");
    this.position = start + length;
    return start;
  }
}
