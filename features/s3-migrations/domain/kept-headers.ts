import { hash53 } from "./folded-hash";
import { type KeepPolicy, needsTags } from "./keep-policy";

/** Headers S3 keeps with an object, beside `x-amz-meta-*`. */
export const CARRIED_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
] as const;
export const METADATA_PREFIX = "x-amz-meta-";
const NO_TYPE = "binary/octet-stream";

export type Tag = readonly [name: string, value: string];
/** What a store keeps with an object. Grants in one line each, the owner's own left out. */
export type Kept = {
  headers: Record<string, string>;
  storageClass?: string | undefined;
  tags?: readonly Tag[] | undefined;
  grants?: readonly string[] | undefined;
};

/** Of an answer's headers, those that belong to the object. */
export function keptHeaders(answer: Record<string, string>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of CARRIED_HEADERS) if (answer[name] !== undefined) kept[name] = answer[name];
  for (const name of Object.keys(answer)) if (name.startsWith(METADATA_PREFIX)) kept[name] = answer[name] ?? "";
  // "aws-chunked" is how the bytes came in once, not what they are.
  const encoding = (kept["content-encoding"] ?? "")
    .replace(/\baws-chunked\b,?\s*/g, "")
    .replace(/[,\s]+$/, "")
    .trim();
  if (encoding === "") delete kept["content-encoding"];
  else kept["content-encoding"] = encoding;
  return kept;
}

/** The tags an object is to have: its own where the plan keeps them, and the plan's. */
export function tagsToSend(policy: KeepPolicy, own: readonly Tag[]): Tag[] | undefined {
  if (!needsTags(policy)) return undefined;
  const added = Object.entries(policy.addTags);
  const kept = policy.tags === "keep" ? own.filter(([name]) => !(name in policy.addTags)) : [];
  return [...kept, ...added];
}

/** The part of what a store keeps that the plan speaks of, one sorted line each: equal lines mean the same is kept. */
export function keptLines(policy: KeepPolicy, { headers, storageClass, tags, grants }: Kept): string[] {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${canonicalValue(name, value)}`);
  if (headers["content-type"] === undefined) lines.push(`content-type: ${NO_TYPE}`);
  if (policy.storageClass !== "default") lines.push(`storage class: ${storageClass ?? "STANDARD"}`);
  if (needsTags(policy)) lines.push(...(tags ?? []).map(([name, value]) => `tag ${name}: ${value}`));
  if (policy.acl === "keep") lines.push(...(grants ?? []).map((grant) => `grant: ${grant}`));
  return lines.sort();
}

/** 53 bits of {@link keptLines}: what a row remembers of what was sent. */
export const keptSum = (lines: readonly string[]): number => hash53(lines.join("\n"));

/** Lines only one side has, wanted first; the values are for people. */
export function keptDifference(wanted: readonly string[], found: readonly string[]): { told: string; found: string } {
  const only = (these: readonly string[], those: readonly string[]) => these.filter((line) => !those.includes(line));
  const shown = (lines: string[]) => (lines.length === 0 ? "nothing" : lines.join("; ")).slice(0, 1000);
  return { told: shown(only(wanted, found)), found: shown(only(found, wanted)) };
}

function canonicalValue(name: string, value: string): string {
  if (name === "content-type")
    return value
      .trim()
      .toLowerCase()
      .replace(/\s*;\s*/g, ";");
  if (name === "expires") return Number.isNaN(Date.parse(value)) ? value.trim() : new Date(value).toISOString();
  return name.startsWith(METADATA_PREFIX) ? readableMetadata(value) : value.trim();
}

const ENCODED_WORD = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;

/**
 * A metadata value as people wrote it. Servers give letters beyond ASCII as RFC 2047 words (Amazon) or as raw bytes of
 * UTF-8 (most others); HTTP libraries show the latter as Latin-1.
 */
export function readableMetadata(value: string): string {
  const text = [...value].some((letter) => (letter.codePointAt(0) ?? 0) > 0x7f) ? fromLatin1(value) : value;
  // White space between two encoded words belongs to neither.
  const joined = text.replace(/(\?=)\s+(?==\?utf-8\?)/gi, "$1");
  return joined.replace(ENCODED_WORD, (word, kind: string, body: string) => decodeWord(kind, body) ?? word).trim();
}

/** The value as it can be signed and sent: ASCII as it is, anything else as words of RFC 2047, which S3 reads back. */
export function sendableMetadata(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  const words: string[] = [];
  let word = "";
  for (const letter of fromLatin1(value)) {
    // A word is 75 characters at most, and no letter is cut in two.
    if (utf8(word + letter).length > 45) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  return [...words, word].map((text) => `=?UTF-8?B?${base64Of(utf8(text))}?=`).join(" ");
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Text whose letters are bytes, read as UTF-8 where they are that; other text is what it looks like. */
function fromLatin1(value: string): string {
  if ([...value].some((letter) => (letter.codePointAt(0) ?? 0) > 0xff)) return value;
  return decodeUtf8(Uint8Array.from(value, (letter) => letter.charCodeAt(0))) ?? value;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeWord(kind: string, body: string): string | undefined {
  try {
    const bytes =
      kind.toLowerCase() === "b"
        ? atob(body)
        : body
            .replaceAll("_", " ")
            .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return decodeUtf8(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
