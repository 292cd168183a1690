import picomatch from "picomatch";
import type { ObjectFilters } from "./filter-spec";

/** Why an object is left out by rule; also what its row keeps. */
export const FILTER_REASONS = {
  NotIncluded: "no include pattern fits",
  Excluded: "an exclude pattern fits",
  TooSmall: "smaller than the smallest wanted",
  TooLarge: "larger than the largest wanted",
  TooOld: "changed before the first wanted moment",
  TooNew: "changed after the last wanted moment",
  AgeUnknown: "the source tells no time of change",
} as const;
export type FilterReason = keyof typeof FILTER_REASONS;

type Candidate = { key: string; sizeBytes: number; modifiedMs?: number | undefined };

/** The first rule that leaves an object out, or `undefined`. A filter by time leaves out what tells no time. */
export function compileFilters(filters: ObjectFilters): (object: Candidate) => FilterReason | undefined {
  const { include, exclude, minBytes = 0, maxBytes = Number.MAX_SAFE_INTEGER } = filters;
  const isIncluded = include.length === 0 ? () => true : picomatch(include, GLOB_OPTIONS);
  const isExcluded = exclude.length === 0 ? () => false : picomatch(exclude, GLOB_OPTIONS);
  const reasonOfAge = compileAge(filters);
  return ({ key, sizeBytes, modifiedMs }) => {
    if (isExcluded(key)) return "Excluded";
    if (!isIncluded(key)) return "NotIncluded";
    if (sizeBytes < minBytes) return "TooSmall";
    return sizeBytes > maxBytes ? "TooLarge" : reasonOfAge(modifiedMs);
  };
}

function compileAge({ modifiedAfter, modifiedBefore }: ObjectFilters) {
  const afterMs = modifiedAfter === undefined ? Number.NEGATIVE_INFINITY : Date.parse(modifiedAfter);
  const beforeMs = modifiedBefore === undefined ? Number.POSITIVE_INFINITY : Date.parse(modifiedBefore);
  const isAsked = modifiedAfter !== undefined || modifiedBefore !== undefined;
  return (modifiedMs: number | undefined): FilterReason | undefined => {
    if (!isAsked) return undefined;
    if (modifiedMs === undefined) return "AgeUnknown";
    if (modifiedMs < afterMs) return "TooOld";
    return modifiedMs >= beforeMs ? "TooNew" : undefined;
  };
}

// Keys are bytes, not paths: hidden names are names, a backslash is itself, "./a" is not "a".
const GLOB_OPTIONS: picomatch.PicomatchOptions = {
  dot: true,
  noextglob: true,
  // A line break in a key is a character like any other.
  flags: "s",
  format: (key) => key,
  posixSlashes: false,
};
