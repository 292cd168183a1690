import { decodeValue, textOfValue } from "./decode-value";
import { formatDouble } from "./go-json";
import { MAX_VALUE_BYTES, MAX_VALUE_DEPTH } from "./ingest-limits";
import { hashBytes, hashKey } from "./token";
import { WIRE_BYTES, WireReader } from "./wire-reader";

/** What a scan of attributes found out; one is reused for a whole request. */
export type ValueFindings = {
  /** A text or bytes value longer than {@link MAX_VALUE_BYTES}. */
  isLong: boolean;
  /** Arrays or lists nested deeper than {@link MAX_VALUE_DEPTH}. */
  isDeep: boolean;
  /** Bytes of arrays, lists and bytes values printed so far for their tokens. */
  printedBytes: number;
};

/** Printing costs 50 times a hash: a request of nothing but arrays makes those beyond this unsearchable, not slow. */
const MAX_PRINTED_BYTES = 2 * 1024 * 1024;

const scratch = Buffer.alloc(64);

/**
 * Reads one `KeyValue`, without building it if it is a scalar. Returns its token, or `undefined` for a value that has no
 * text to compare (none, nested too deep, or larger than is stored).
 */
export function scanKeyValue(pair: WireReader, findings: ValueFindings): number | undefined {
  let keyStart = 0;
  let keyEnd = 0;
  let value: WireReader | undefined;
  for (let field = pair.nextField(); field !== 0; field = pair.nextField()) {
    if (field === 1) {
      const key = pair.message();
      keyStart = key.position;
      keyEnd = key.end;
    } else if (field === 2) value = pair.message();
    else pair.skip();
  }
  if (value === undefined) return undefined;
  return scanAnyValue(value, hashKey(pair.bytes, keyStart, keyEnd), findings);
}

function scanAnyValue(value: WireReader, keyHash: number, findings: ValueFindings): number | undefined {
  const start = value.position;
  let token: number | undefined;
  for (let field = value.nextField(); field !== 0; field = value.nextField()) {
    if (field === 1) token = scanText(value.message(), keyHash, findings);
    else if (field <= 4) token = hashText(keyHash, readScalar(value, field));
    else {
      scanCompound(value, field, findings);
      token = printedToken(new WireReader(value.bytes, start, value.end), keyHash, findings);
    }
  }
  return token;
}

/** The token of an array, a list or bytes: of the text Jaeger compares. */
function printedToken(value: WireReader, keyHash: number, findings: ValueFindings): number | undefined {
  const sizeBytes = value.end - value.position;
  if (sizeBytes > MAX_VALUE_BYTES || findings.isDeep) return undefined;
  findings.printedBytes += sizeBytes;
  if (findings.printedBytes > MAX_PRINTED_BYTES) return undefined;
  const text = Buffer.from(textOfValue(decodeValue(value)), "utf8");
  return hashBytes(keyHash, text, 0, text.length) >>> 0;
}

function scanText(text: WireReader, keyHash: number, findings: ValueFindings): number {
  if (text.end - text.position > MAX_VALUE_BYTES) findings.isLong = true;
  return hashBytes(keyHash, text.bytes, text.position, Math.min(text.end, text.position + MAX_VALUE_BYTES)) >>> 0;
}

function readScalar(value: WireReader, field: number): string {
  if (field === 2) return value.number() === 0 ? "false" : "true";
  return field === 3 ? value.int64().toString() : formatDouble(value.double());
}

function scanCompound(value: WireReader, field: number, findings: ValueFindings): void {
  if (field === 5 || field === 6) scanNested(value.message(), field === 6, findings);
  else if (field === 7) {
    const sizeBytes = value.view().length;
    findings.isLong ||= sizeBytes > MAX_VALUE_BYTES;
  } else value.skip();
}

function hashText(keyHash: number, text: string): number {
  return hashBytes(keyHash, scratch, 0, scratch.write(text, "latin1")) >>> 0;
}

/** Checks a whole nested value, with a stack instead of recursion. Long or deep ones are only noted. */
function scanNested(root: WireReader, isList: boolean, findings: ValueFindings): void {
  if (root.end - root.position > MAX_VALUE_BYTES) findings.isLong = true;
  const stack: { reader: WireReader; isList: boolean; depth: number }[] = [{ reader: root, isList, depth: 1 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.depth > MAX_VALUE_DEPTH) {
      findings.isDeep = true;
      return;
    }
    for (const value of nestedValues(top.reader, top.isList)) {
      for (let field = value.nextField(); field !== 0; field = value.nextField()) {
        if (field === 5 || field === 6) {
          stack.push({ reader: value.message(), isList: field === 6, depth: top.depth + 1 });
        } else value.skip();
      }
    }
  }
}

/** The values inside an `ArrayValue` or a `KeyValueList`. */
function* nestedValues(reader: WireReader, isList: boolean): Generator<WireReader> {
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field !== 1 || reader.wireType !== WIRE_BYTES) {
      reader.skip();
      continue;
    }
    const item = reader.message();
    if (!isList) {
      yield item;
      continue;
    }
    for (let part = item.nextField(); part !== 0; part = item.nextField()) {
      if (part === 2) yield item.message();
      else item.skip();
    }
  }
}
