import type { Expected } from "./object-store";
import { StoreError } from "./store-error";

/** One object that must exist, and where it goes when the manifest says so. */
export type ManifestRow = { key: string; destinationKey?: string; expected?: Expected };

/** Names a column may have, as people and Rails spell them. Other columns are for people and are not read. */
const COLUMNS = {
  key: ["key", "source", "source_key"],
  destinationKey: ["destination", "destination_key"],
  size: ["size", "size_bytes", "byte_size", "bytes"],
  md5: ["md5", "checksum"],
  contentType: ["content_type"],
} as const;
type Column = keyof typeof COLUMNS;

/**
 * A row of named texts as a manifest row; throws `config` with the place when it cannot be one: a manifest is never cut
 * short.
 */
export function toManifestRow(fields: ReadonlyMap<string, string>, where: string): ManifestRow {
  const field = (column: Column): string | undefined => {
    const name = COLUMNS[column].find((candidate) => (fields.get(candidate) ?? "") !== "");
    return name === undefined ? undefined : fields.get(name);
  };
  const key = field("key");
  if (key === undefined) throw badManifest(`${where} names no key`);
  const expected: Expected = {
    ...toSize(field("size"), where),
    ...toMd5(field("md5"), where),
    ...toContentType(field("contentType"), where),
  };
  const destinationKey = field("destinationKey");
  return {
    key,
    ...(destinationKey === undefined ? {} : { destinationKey }),
    ...(Object.keys(expected).length === 0 ? {} : { expected }),
  };
}

function toSize(text: string | undefined, where: string): Expected {
  if (text === undefined) return {};
  const sizeBytes = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(sizeBytes)) return { sizeBytes };
  throw badManifest(`${where} has the size "${text.slice(0, 80)}", which is no number of bytes`);
}

function toMd5(text: string | undefined, where: string): Expected {
  if (text === undefined) return {};
  if (/^[0-9a-f]{32}$/i.test(text)) return { md5: text.toLowerCase() };
  if (/^[A-Za-z0-9+/]{22}==$/.test(text)) return { md5: Buffer.from(text, "base64").toString("hex") };
  throw badManifest(`${where} has the checksum "${text.slice(0, 80)}", which is no MD5 in base64 or hex`);
}

function toContentType(text: string | undefined, where: string): Expected {
  if (text === undefined) return {};
  if (/^[\x20-\x7e]{1,255}$/.test(text)) return { contentType: text };
  throw badManifest(`${where} has a content type that no header can carry`);
}

/** True when a header names a key. */
export const hasKeyColumn = (names: Iterable<string>): boolean =>
  [...names].some((name) => (COLUMNS.key as readonly string[]).includes(name));

export function badManifest(what: string, cause?: unknown): StoreError {
  return new StoreError({
    errorClass: "config",
    code: "BadManifest",
    message: `The manifest cannot be used: ${what}.`,
    cause,
  });
}
