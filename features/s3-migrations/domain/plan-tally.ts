import { foldedHash, twinKind } from "./folded-hash";
import { extensionOf, type PlanFacts, prefixOf, SIZE_CLASSES_BYTES, sizeClassOf } from "./plan-facts";

const TOP = 12;
const EXAMPLES = 100;
const MAX_LARGEST = 5;

type Share = { objects: number; bytes: number };
export type TalliedObject = {
  key: string;
  destinationKey: string;
  sizeBytes: number;
  fate: "copy" | "left_out" | "missing" | "invalid";
  /** Code, of what is left out. */
  reason: string;
};

/**
 * Adds up a listing object by object: the facts of a plan, of what has been seen so far. It remembers every key that is to
 * be copied, to find those that collide: for listings of some 100,000 objects, not for millions.
 */
export class PlanTally {
  readonly #fates: Record<TalliedObject["fate"], Share> = {
    copy: none(),
    left_out: none(),
    missing: none(),
    invalid: none(),
  };
  readonly #reasons = new Map<string, Share>();
  readonly #extensions = new Map<string, Share>();
  readonly #prefixes = new Map<string, Share>();
  readonly #histogram = Array.from({ length: SIZE_CLASSES_BYTES.length + 1 }, none);
  readonly #byFold = new Map<number, { key: string; destinationKey: string }[]>();
  #largest: PlanFacts["largest"] = [];

  add({ key, destinationKey, sizeBytes, fate, reason }: TalliedObject): void {
    grow(this.#fates[fate], sizeBytes);
    if (fate === "left_out") grow(entryOf(this.#reasons, reason), sizeBytes);
    if (fate !== "copy") return;
    grow(entryOf(this.#extensions, extensionOf(key)), sizeBytes);
    grow(entryOf(this.#prefixes, prefixOf(key)), sizeBytes);
    grow(this.#histogram[sizeClassOf(sizeBytes)] ?? none(), sizeBytes);
    this.#keepLargest(key, sizeBytes);
    const fold = foldedHash(destinationKey);
    const alike = this.#byFold.get(fold);
    if (alike === undefined) this.#byFold.set(fold, [{ key, destinationKey }]);
    else alike.push({ key, destinationKey });
  }

  get copied(): Share {
    return this.#fates.copy;
  }

  toFacts(): PlanFacts {
    const { copy, left_out: leftOut, missing, invalid } = this.#fates;
    const total = [copy, leftOut, missing, invalid].reduce((all, share) => ({
      objects: all.objects + share.objects,
      bytes: all.bytes + share.bytes,
    }));
    return {
      counts: { total, toCopy: copy, leftOut: topOf(this.#reasons), missing, invalid },
      histogram: this.#histogram,
      extensions: topOf(this.#extensions),
      prefixes: topOf(this.#prefixes),
      largest: this.#largest,
      ...this.#alike(),
    };
  }

  #keepLargest(key: string, sizeBytes: number): void {
    if (this.#largest.length === MAX_LARGEST && sizeBytes <= (this.#largest.at(-1)?.sizeBytes ?? 0)) return;
    this.#largest = [...this.#largest, { key, sizeBytes }]
      .sort((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, MAX_LARGEST);
  }

  #alike(): Pick<PlanFacts, "collisions" | "ambiguous" | "twins"> {
    const collisions: PlanFacts["collisions"]["examples"] = [];
    const ambiguous = new Set<string>();
    const twins: PlanFacts["twins"]["examples"] = [];
    for (const group of this.#byFold.values()) {
      if (group.length === 1) continue;
      const sources = groupBy(group, "destinationKey", "key");
      for (const [destinationKey, keys] of sources) {
        if (keys.size > 1) collisions.push({ destinationKey, sourceKeys: [...keys].sort() });
      }
      const kind = sources.size > 1 ? twinKind([...sources.keys()]) : undefined;
      if (kind !== undefined) twins.push({ kind, keys: [...sources.keys()].sort() });
    }
    for (const [key, destinations] of this.#destinationsOfRepeated()) if (destinations.size > 1) ambiguous.add(key);
    return {
      collisions: { keys: collisions.length, examples: collisions.slice(0, EXAMPLES) },
      ambiguous: { keys: ambiguous.size, examples: [...ambiguous].slice(0, EXAMPLES) },
      twins: { groups: twins.length, examples: twins.slice(0, EXAMPLES) },
    };
  }

  #destinationsOfRepeated(): Map<string, Set<string>> {
    return groupBy([...this.#byFold.values()].flat(), "key", "destinationKey");
  }
}

type Pair = { key: string; destinationKey: string };
function groupBy(pairs: readonly Pair[], by: keyof Pair, what: keyof Pair): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const pair of pairs) groups.set(pair[by], (groups.get(pair[by]) ?? new Set()).add(pair[what]));
  return groups;
}

function none(): Share {
  return { objects: 0, bytes: 0 };
}

function grow(share: Share, sizeBytes: number): void {
  share.objects += 1;
  share.bytes += sizeBytes;
}

function entryOf(shares: Map<string, Share>, name: string): Share {
  const share = shares.get(name) ?? none();
  shares.set(name, share);
  return share;
}

function topOf(shares: ReadonlyMap<string, Share>): PlanFacts["extensions"] {
  return [...shares]
    .map(([name, share]) => ({ name, ...share }))
    .sort((a, b) => b.objects - a.objects || (a.name < b.name ? -1 : 1))
    .slice(0, TOP);
}
