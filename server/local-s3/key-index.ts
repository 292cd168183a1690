/** Sorts after every key that starts with what precedes it: keys are held as bytes, so no character exceeds U+00FF. */
const AFTER_ALL = "\u0100";

const toBytes = (key: string): string => Buffer.from(key, "utf8").toString("latin1");
const toKey = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

/** One page of a listing, in UTF-8 binary order. `next` resumes after the last entry. */
export type KeyPage = { keys: string[]; commonPrefixes: string[]; next: string | undefined };

export type ListQuery = { prefix: string; delimiter: string; limit: number; startAfter?: string; resume?: string };

/**
 * The keys of a bucket in S3's order, the order of their UTF-8 bytes. (JavaScript's own string order differs above
 * U+FFFF; bytes held as Latin-1 strings compare right and cheaply.)
 */
export class KeyIndex {
  #sorted: string[];

  constructor(keys: Iterable<string> = []) {
    this.#sorted = Array.from(keys, toBytes).sort();
  }

  /** The first position whose key is not below `bytes`. */
  #lowerBound(bytes: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? "") < bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(key: string): void {
    const bytes = toBytes(key);
    const at = this.#lowerBound(bytes);
    if (this.#sorted[at] !== bytes) this.#sorted.splice(at, 0, bytes);
  }

  remove(key: string): void {
    const bytes = toBytes(key);
    const at = this.#lowerBound(bytes);
    if (this.#sorted[at] === bytes) this.#sorted.splice(at, 1);
  }

  /** One page: keys and, with a delimiter, the prefixes that stand for many keys; both count toward `limit`. */
  list(query: ListQuery): KeyPage {
    const prefix = toBytes(query.prefix);
    const delimiter = toBytes(query.delimiter);
    const page: KeyPage = { keys: [], commonPrefixes: [], next: undefined };
    const from = firstWanted(query, prefix, delimiter);
    let at = this.#lowerBound(from);
    let resume = from;
    for (;;) {
      const bytes = this.#sorted[at];
      if (bytes === undefined || !bytes.startsWith(prefix)) return page;
      if (page.keys.length + page.commonPrefixes.length >= query.limit) return { ...page, next: resume };
      const common = commonPrefix(bytes, prefix, delimiter);
      if (common === undefined) page.keys.push(toKey(bytes));
      else page.commonPrefixes.push(toKey(common));
      resume = common === undefined ? `${bytes}\0` : common + AFTER_ALL;
      at = common === undefined ? at + 1 : this.#lowerBound(resume);
    }
  }
}

/** The prefix that stands for a key, when the delimiter comes after the prefix asked for. */
function commonPrefix(bytes: string, prefix: string, delimiter: string): string | undefined {
  const cut = delimiter === "" ? -1 : bytes.indexOf(delimiter, prefix.length);
  return cut < 0 ? undefined : bytes.slice(0, cut + delimiter.length);
}

/** Where a page begins: after the last entry of the page before, after `startAfter`, or at the prefix. */
function firstWanted({ resume, startAfter }: ListQuery, prefix: string, delimiter: string): string {
  if (resume !== undefined) return resume;
  if (startAfter === undefined) return prefix;
  const start = toBytes(startAfter);
  // A start inside a rolled-up prefix is past that prefix: S3 does not show it again.
  const common = start.startsWith(prefix) ? commonPrefix(start, prefix, delimiter) : undefined;
  const after = common === undefined ? `${start}\0` : common + AFTER_ALL;
  return after > prefix ? after : prefix;
}
