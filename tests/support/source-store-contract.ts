import { expect, it } from "vitest";
import type { ListedObject, SourceStore } from "@/features/s3-migrations/server/stores/object-store";
import { StoreError } from "@/features/s3-migrations/server/stores/store-error";

const never = new AbortController().signal;

export type StoreUnderTest = {
  store: SourceStore;
  /** Key → bytes of every object that can be copied. */
  objects: ReadonlyMap<string, string>;
  /** A key of the right form that nothing has. */
  absentKey: string;
  /** Writes other bytes of the same length under a key. */
  edit: (key: string) => Promise<void>;
};

/** Every entry of a listing, pages put together. */
export async function listAll(store: SourceStore): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const page of store.list({ after: undefined, signal: never })) listed.push(...page);
  return listed;
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const classOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "nothing was thrown",
    (error: unknown) => (error instanceof StoreError ? error.errorClass : String(error)),
  );

/** What the engine relies on, whatever the source is. `open` makes a fresh store with two objects or more, of two bytes or more. */
export function describeSourceStore(open: () => Promise<StoreUnderTest>): void {
  it("lists every object once, with its size, a time and a fingerprint that opens it", async () => {
    const { store, objects } = await open();
    const copied = (await listAll(store)).filter(({ problem }) => problem === undefined);
    expect(copied.map(({ key }) => key).sort()).toEqual([...objects.keys()].sort());
    for (const { key, sizeBytes, fingerprint, modifiedMs } of copied) {
      const body = objects.get(key) ?? "";
      expect(sizeBytes, key).toBe(Buffer.byteLength(body));
      expect(Math.abs(Date.now() - (modifiedMs ?? 0)), key).toBeLessThan(3_600_000);
      expect((await store.read(key, { fingerprint, signal: never })).body.toString(), key).toBe(body);
      expect(await store.stat(key, { fingerprint, signal: never }), key).toMatchObject({ sizeBytes, fingerprint });
      const range = await store.openRange(key, { start: 1, end: sizeBytes, fingerprint, signal: never });
      expect(await collect(range), key).toBe(body.slice(1));
    }
    await store.close();
  });

  it("says that an object is missing, in the class that is no failure of the engine", async () => {
    const { store, absentKey } = await open();
    expect(await classOf(store.read(absentKey, { fingerprint: "", signal: never }))).toBe("source_missing");
    expect(await classOf(store.stat(absentKey, { fingerprint: "", signal: never }))).toBe("source_missing");
    await store.close();
  });

  it("refuses an object that was edited after it was listed, and takes it as it is when asked to", async () => {
    const { store, edit } = await open();
    const listed = (await listAll(store)).find(({ problem }) => problem === undefined);
    if (listed === undefined) throw new Error("the store under test is empty");
    await edit(listed.key);
    const { fingerprint } = listed;
    expect(await classOf(store.read(listed.key, { fingerprint, signal: never }))).toBe("source_changed");
    expect(await classOf(store.stat(listed.key, { fingerprint, signal: never }))).toBe("source_changed");
    const now = await store.read(listed.key, { fingerprint: "", signal: never });
    expect(now.sizeBytes).toBe(listed.sizeBytes);
    await store.close();
  });
}
