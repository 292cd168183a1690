import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyIndex } from "./key-index";

const byteOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const keys = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\uffee", "😀"), minLength: 1, maxLength: 6 }),
);

function listAll(index: KeyIndex, prefix: string, delimiter: string, limit: number) {
  const found: string[] = [];
  const prefixes: string[] = [];
  let resume: string | undefined;
  do {
    const page = index.list({ prefix, delimiter, limit, ...(resume === undefined ? {} : { resume }) });
    expect(page.keys.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit);
    found.push(...page.keys);
    prefixes.push(...page.commonPrefixes);
    resume = page.next;
  } while (resume !== undefined);
  return { found, prefixes };
}

describe("KeyIndex", () => {
  it("lists every key once, in UTF-8 byte order, whatever the page size and order of insertion", () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 5 }), (all, limit) => {
        const index = new KeyIndex(all.slice(0, 3));
        for (const key of all) index.add(key);
        expect(listAll(index, "", "", limit).found).toEqual([...all].sort(byteOrder));
      }),
    );
  });

  it("rolls keys beyond the delimiter up into prefixes, each once", () => {
    fc.assert(
      fc.property(keys, fc.constantFrom("", "a", "a/"), fc.integer({ min: 1, max: 4 }), (all, prefix, limit) => {
        const index = new KeyIndex(all);
        const below = all.filter((key) => key.startsWith(prefix));
        const cut = (key: string) => key.indexOf("/", prefix.length);
        const rolled = new Set(below.filter((key) => cut(key) >= 0).map((key) => key.slice(0, cut(key) + 1)));
        const { found, prefixes } = listAll(index, prefix, "/", limit);
        expect(found).toEqual(below.filter((key) => cut(key) < 0).sort(byteOrder));
        expect(prefixes).toEqual([...rolled].sort(byteOrder));
      }),
    );
  });

  it("starts strictly after the key it is told and forgets removed ones", () => {
    const index = new KeyIndex(["a", "b", "c"]);
    index.remove("b");
    expect(index.list({ prefix: "", delimiter: "", limit: 9, startAfter: "a" }).keys).toEqual(["c"]);
  });
});
