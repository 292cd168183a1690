import { compactJson } from "./compact-json";
import { indexRawLines } from "./raw-lines";
import type { RawDocument } from "./raw-text";

/** The bytes of a JSON file as lines. */
export function readRawDocument(file: Uint8Array): RawDocument {
  const bytes = compactJson(file);
  return { bytes, lines: indexRawLines(bytes) };
}
