import { OBJECT_STATES, type ObjectState, OPEN_STATES, PRESENT_STATES, VERIFY_TIERS, type VerifyTier } from "./states";

/** One object as far as the sums are concerned. */
export type Counted = { state: ObjectState; tier: VerifyTier; sizeBytes: number };

/** The sums a chunk keeps over its objects; also what a migration shows, as the sum of its chunks. */
export type Counters = {
  objects: number;
  bytes: number;
  states: Record<ObjectState, number>;
  /** Only objects at the destination have a tier. */
  tiers: Record<VerifyTier, { objects: number; bytes: number }>;
  bytesWaiting: number;
  bytesOther: number;
};

export function emptyCounters(): Counters {
  const states = {} as Record<ObjectState, number>;
  for (const state of OBJECT_STATES) states[state] = 0;
  const tiers = {} as Counters["tiers"];
  for (const tier of VERIFY_TIERS) tiers[tier] = { objects: 0, bytes: 0 };
  return { objects: 0, bytes: 0, states, tiers, bytesWaiting: 0, bytesOther: 0 };
}

export const isPresent = (state: ObjectState): boolean => (PRESENT_STATES as readonly ObjectState[]).includes(state);
export const isOpen = (state: ObjectState): boolean => (OPEN_STATES as readonly ObjectState[]).includes(state);

/** Adds (`sign` 1) or takes away (-1) one object. Changes `counters` in place: it runs once per object copied. */
export function count(counters: Counters, { state, tier, sizeBytes }: Counted, sign: 1 | -1): void {
  counters.objects += sign;
  counters.bytes += sign * sizeBytes;
  counters.states[state] += sign;
  if (isPresent(state)) {
    counters.tiers[tier].objects += sign;
    counters.tiers[tier].bytes += sign * sizeBytes;
  } else if (isOpen(state)) counters.bytesWaiting += sign * sizeBytes;
  else counters.bytesOther += sign * sizeBytes;
}

/** What changes in the sums when one object moves: taken away as it was, added as it is. Conserves by construction. */
export function move(counters: Counters, from: Counted, to: Counted): void {
  count(counters, from, -1);
  count(counters, to, 1);
}

/** Sentences for every law the sums break; empty when they hold. The same laws are CHECKs of the chunk table. */
export function brokenLaws(counters: Counters): string[] {
  const { objects, bytes, states, tiers, bytesWaiting, bytesOther } = counters;
  const total = OBJECT_STATES.reduce((sum, state) => sum + states[state], 0);
  const present = PRESENT_STATES.reduce((sum, state) => sum + states[state], 0);
  const tiered = VERIFY_TIERS.reduce((sum, tier) => sum + tiers[tier].objects, 0);
  const tierBytes = VERIFY_TIERS.reduce((sum, tier) => sum + tiers[tier].bytes, 0);
  return [
    ...(total === objects ? [] : [`${total} objects in states, ${objects} in all`]),
    ...(present === tiered ? [] : [`${present} objects present, ${tiered} in tiers`]),
    ...(tierBytes + bytesWaiting + bytesOther === bytes ? [] : ["bytes do not add up"]),
  ];
}
