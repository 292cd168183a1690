import { keyProblem } from "../../domain/object-key";
import type { ManifestRow } from "./manifest-row";
import type { ListedObject, OpenedObject, SourceStore } from "./object-store";
import { toStoreError } from "./store-error";

/** Rows looked up at once; a page is as many rows as one listing of a bucket gives. */
const LOOKUPS_AT_ONCE = 32;
const PAGE = 1000;

type Rows = (signal: AbortSignal) => AsyncIterable<ManifestRow>;

/**
 * What a manifest says must exist, in the store where its bytes are. Every row is in the listing: one whose object is
 * not there as missing, one whose object has another size as not what was expected. What no row names is no part of it.
 */
export function openManifestStore(rows: Rows, store: SourceStore): SourceStore {
  return {
    isOrdered: false,
    async *list({ signal }) {
      for await (const page of inPages(rows(signal))) yield await lookUp(store, page, signal);
    },
    read: store.read,
    stat: store.stat,
    openRange: store.openRange,
    remove: store.remove,
    ...(store.onServer === undefined ? {} : { onServer: store.onServer }),
    ...(store.extras === undefined ? {} : { extras: store.extras }),
    ...(store.checkAccess === undefined ? {} : { checkAccess: store.checkAccess }),
    close: store.close,
  };
}

async function* inPages(rows: AsyncIterable<ManifestRow>): AsyncGenerator<ManifestRow[]> {
  let page: ManifestRow[] = [];
  for await (const row of rows) {
    page.push(row);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function lookUp(store: SourceStore, rows: ManifestRow[], signal: AbortSignal): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  let next = 0;
  const lane = async () => {
    while (next < rows.length) {
      const at = next;
      next += 1;
      const row = rows[at];
      if (row !== undefined) listed[at] = await describe(store, row, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LOOKUPS_AT_ONCE, rows.length) }, lane));
  return listed;
}

async function describe(store: SourceStore, row: ManifestRow, signal: AbortSignal): Promise<ListedObject> {
  const { key, destinationKey, expected } = row;
  const listed: ListedObject = {
    key: key.replaceAll("\0", "\u2400"),
    sizeBytes: expected?.sizeBytes ?? 0,
    fingerprint: "",
    ...(destinationKey === undefined ? {} : { destinationKey }),
    ...(expected === undefined ? {} : { expected }),
  };
  const problem = keyProblem(key);
  if (problem !== undefined)
    return { ...listed, problem: { kind: "invalid_key", code: "InvalidKey", message: problem } };
  try {
    return asFound(listed, await store.stat(key, { fingerprint: "", signal }));
  } catch (cause) {
    const { errorClass } = toStoreError(cause);
    if (errorClass === "source_missing") {
      const message = "The manifest names it; the source does not have it.";
      return { ...listed, problem: { kind: "missing", code: "NotAtSource", message } };
    }
    if (errorClass === "source_changed") {
      return {
        ...listed,
        problem: { kind: "filtered", code: "NotAFile", message: "A link or special file is never followed." },
      };
    }
    // One that cannot be read now fails alone, when its turn comes. A store that answers nobody fails the listing.
    if (errorClass === "source_unreadable" || errorClass === "denied") return listed;
    throw cause;
  }
}

function asFound(listed: ListedObject, { sizeBytes, fingerprint, modifiedMs }: OpenedObject): ListedObject {
  const found = { ...listed, sizeBytes, fingerprint, ...(modifiedMs === undefined ? {} : { modifiedMs }) };
  const expectedBytes = listed.expected?.sizeBytes;
  if (expectedBytes === undefined || expectedBytes === sizeBytes) return found;
  const message = `The manifest says ${expectedBytes} bytes, the source has ${sizeBytes}.`;
  return { ...found, problem: { kind: "mismatch", code: "NotAsExpected", message } };
}
