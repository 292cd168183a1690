import { fileTypeFromBuffer } from "file-type";

/** As much as tells nearly every format apart. */
export const SNIFFED_BYTES = 4100;

/** The type the first bytes of an object are of; `undefined` when they could be anything, such as text. */
export async function sniffType(body: Buffer): Promise<string | undefined> {
  const head = body.length > SNIFFED_BYTES ? body.subarray(0, SNIFFED_BYTES) : body;
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    // Bytes made to confuse the reader say nothing.
    return undefined;
  }
}
