import type { AttributeTerm } from "@/features/traces/contract";
import type { OpenTrace } from "../open-trace";
import { compileNeedle, compileValueTest } from "./attribute-test";
import { isInValue, valueBehindKey } from "./value-text";

/** Text looked through at a time; others go in between. */
const WINDOW_BYTES = 8 * 1024 * 1024;
/** 200 MB take some 0.2 s, on a busy machine ten times that; words of the format itself ("value") end here. */
const MAX_MS = 5000;

/** `marks` has 1 for each row with such an attribute; `isWhole` is false when time ran out before the end. */
type FoundRows = { marks: Uint8Array; count: number; isWhole: boolean };

/**
 * Looks through the attributes of all spans, of their events and links, and of their resources. Reads the text of the
 * trace itself, so that no index has to be made and held: native search finds the few places worth a look.
 */
export async function searchAttributes(trace: OpenTrace, term: AttributeTerm): Promise<FoundRows> {
  const { group, groupRanges } = trace.text;
  const marks = new Uint8Array(trace.skeleton.spanCount);
  const found: Found = { rows: marks, groups: new Uint8Array(groupRanges.length / 2) };
  const owners = ownersOf(trace);
  const search = { needle: compileNeedle(term), isMatch: compileValueTest(term), hasKey: term.key !== "" };
  const startedAt = performance.now();
  let isWhole = true;
  for (let from = 0; from < owners.count; ) {
    const to = windowEnd(owners, from);
    searchWindow(trace, { owners, from, to }, search, found);
    from = to;
    if (from >= owners.count) break;
    if (performance.now() - startedAt > MAX_MS) {
      isWhole = false;
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (found.groups.includes(1)) {
    for (let row = 0; row < marks.length; row += 1) marks[row] ||= found.groups[group[row] ?? -1] ?? 0;
  }
  return { marks, count: marks.reduce((sum, mark) => sum + mark, 0), isWhole };
}

/** Stretches of the text in order: rows, and resources as negative numbers (-1 is the first). */
type Owners = { count: number; start: Float64Array; end: Float64Array; owner: Int32Array };
type Search = { needle: RegExp; isMatch: (value: string) => boolean; hasKey: boolean };

const known = new WeakMap<OpenTrace["skeleton"], Owners>();
/** Room for the number of a row beside where it starts, in one number that sorts by itself. */
const PLACES = 2 ** 22;

function ownersOf({ skeleton, text }: OpenTrace): Owners {
  const found = known.get(skeleton);
  if (found !== undefined) return found;
  const { spanCount } = skeleton;
  const count = spanCount + text.groupRanges.length / 2;
  const keys = new Float64Array(count);
  const startOf = (at: number) => (at < spanCount ? text.spanStart[at] : text.groupRanges[2 * (at - spanCount)]) ?? 0;
  const endOf = (at: number) => (at < spanCount ? text.spanEnd[at] : text.groupRanges[2 * (at - spanCount) + 1]) ?? 0;
  for (let at = 0; at < count; at += 1) keys[at] = startOf(at) * PLACES + at;
  keys.sort();
  const order = Uint32Array.from(keys, (key) => key % PLACES);
  const owners: Owners = {
    count,
    start: Float64Array.from(order, startOf),
    end: Float64Array.from(order, endOf),
    owner: Int32Array.from(order, (at) => (at < spanCount ? at : spanCount - at - 1)),
  };
  known.set(skeleton, owners);
  return owners;
}

function windowEnd(owners: Owners, from: number): number {
  const limit = (owners.start[from] ?? 0) + WINDOW_BYTES;
  let to = from + 1;
  while (to < owners.count && (owners.end[to] ?? 0) <= limit) to += 1;
  return to;
}

type Found = { rows: Uint8Array; groups: Uint8Array };
type Window = { owners: Owners; from: number; to: number };

function searchWindow(trace: OpenTrace, { owners, from, to }: Window, search: Search, found: Found): void {
  const base = owners.start[from] ?? 0;
  const text = trace.text.bytes.toString("latin1", base, owners.end[to - 1] ?? base);
  const { needle } = search;
  let at = from;
  needle.lastIndex = 0;
  for (let hit = needle.exec(text); hit !== null; hit = needle.exec(text)) {
    at = ownerAt(owners, { from: at, to }, base + hit.index);
    if (at === to) return;
    const isInside = (owners.start[at] ?? 0) <= base + hit.index;
    if (isInside && isMatchAt(text, hit.index, search)) {
      noteOwner(owners.owner[at] ?? 0, found);
      needle.lastIndex = (owners.end[at] ?? 0) - base;
      // Words may overlap their own kind: the next place to look is one further.
    } else if (!search.hasKey) needle.lastIndex = hit.index + 1;
  }
}

/** The first stretch from `from` on that ends behind a place. */
function ownerAt({ end }: Owners, { from, to }: { from: number; to: number }, place: number): number {
  let at = from;
  while (at < to && (end[at] ?? 0) <= place) at += 1;
  return at;
}

function isMatchAt(text: string, hit: number, { needle, isMatch, hasKey }: Search): boolean {
  if (!hasKey) return isInValue(text, hit);
  const value = valueBehindKey(text, needle.lastIndex);
  return value !== undefined && isMatch(value);
}

function noteOwner(owner: number, { rows, groups }: Found): void {
  if (owner >= 0) rows[owner] = 1;
  else groups[-owner - 1] = 1;
}
