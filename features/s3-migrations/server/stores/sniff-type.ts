import { FileTypeParser } from "file-type";

/** As much as tells nearly every format apart. */
export const SNIFFED_BYTES = 4100;

/** The type the first bytes of an object are of; `undefined` when they could be anything, such as text. */
export async function sniffType(body: Buffer): Promise<string | undefined> {
  const head = body.length > SNIFFED_BYTES ? body.subarray(0, SNIFFED_BYTES) : body;
  known ??= recordSignatures();
  if (isLikeNothing(head, await known)) return undefined;
  try {
    return (await new QuickParser().fromBuffer(head))?.mime;
  } catch {
    // Bytes made to confuse the reader say nothing.
    return undefined;
  }
}

type CheckOptions = { offset?: number; mask?: readonly number[]; encoding?: string };
/** What the library compares with, and does not say in its types. */
type Parser = FileTypeParser & {
  buffer: Uint8Array;
  check(bytes: readonly number[], options?: CheckOptions): boolean;
  checkString(text: string, options?: CheckOptions): boolean;
};
const OpenParser = FileTypeParser as unknown as new () => Parser;

/** The same answers in half the time: the library makes an iterator and two objects for each of its 200 comparisons. */
class QuickParser extends OpenParser {
  override check(bytes: readonly number[], options?: CheckOptions): boolean {
    if (options?.mask !== undefined) return super.check(bytes, options);
    const offset = options?.offset ?? 0;
    for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== this.buffer[offset + at]) return false;
    return true;
  }

  override checkString(text: string, options?: CheckOptions): boolean {
    if (options?.encoding !== undefined) return super.checkString(text, options);
    const offset = options?.offset ?? 0;
    for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== this.buffer[offset + at]) return false;
    return true;
  }
}

/** Where a signature begins, and with which byte. */
type Signatures = { first: ReadonlySet<number>; later: readonly { offset: number; byte: number }[] };
let known: Promise<Signatures> | undefined;

/**
 * First bytes of the signatures that are compared by code of their own: Flash ("CWS", "FWS") and the sync word of MPEG
 * audio. Everything else goes through `check`, where it can be heard.
 */
const UNHEARD = [0x43, 0x46, 0xff];

/**
 * Every comparison the library makes of bytes that are like nothing, by listening to it: bytes that begin no signature
 * get the same comparisons and the same answer. Text and unknown formats then cost 1 µs instead of 30 µs each.
 */
async function recordSignatures(): Promise<Signatures> {
  const first = new Set(UNHEARD);
  const later: { offset: number; byte: number }[] = [];
  const note = (byte: number, offset: number) => {
    if (offset === 0) first.add(byte);
    else if (!later.some((seen) => seen.offset === offset && seen.byte === byte)) later.push({ offset, byte });
  };
  class Listener extends OpenParser {
    override check(
      [wanted = 0]: readonly number[],
      { offset = 0, mask: [mask = 0xff] = [] }: CheckOptions = {},
    ): boolean {
      for (let byte = 0; byte <= 0xff; byte += 1) if ((byte & mask) === wanted) note(byte, offset);
      return false;
    }

    override checkString(text: string, { offset = 0, encoding }: CheckOptions = {}): boolean {
      note(encoding === "utf-16be" ? 0 : text.charCodeAt(0), offset);
      return false;
    }
  }
  await new Listener().fromBuffer(Buffer.alloc(SNIFFED_BYTES, 0x7e));
  return { first, later };
}

/** Past the end of short bytes the library sees zeros. */
function isLikeNothing(head: Buffer, { first, later }: Signatures): boolean {
  if (first.has(head[0] ?? 0)) return false;
  return !later.some(({ offset, byte }) => (head[offset] ?? 0) === byte);
}
