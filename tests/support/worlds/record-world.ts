import { seededRandom } from "../seeded-random";
import type { TraceRecorder } from "../trace-recorder";
import { CALL_TROUBLES } from "./call-troubles";
import { FAILURE_TROUBLES } from "./failure-troubles";
import { LOOP_TROUBLES } from "./loop-troubles";
import { copySpan } from "./step";
import { type Culprit, placesOf, type Trouble } from "./trouble";
import { TRUST_TROUBLES } from "./trust-troubles";
import { WORK_TROUBLES } from "./work-troubles";
import { recordRequest, type World } from "./world";

export const TROUBLES: readonly Trouble[] = [
  ...LOOP_TROUBLES,
  ...CALL_TROUBLES,
  ...WORK_TROUBLES,
  ...FAILURE_TROUBLES,
  ...TRUST_TROUBLES,
];

export type Troubled = { rec: TraceRecorder; trouble: Trouble; world: World; culprit: Culprit };

/** Between these, times the usual duration: what trouble adds to a request. Never less than the least anybody would call trouble. */
const EXTRA = { least: 0.6, most: 3 } as const;

/** A request of the world with the trouble in it; undefined where the world has no place for it. */
export function recordTrouble(world: World, trouble: Trouble, seed: number, floorUs = 60_000): Troubled | undefined {
  const random = seededRandom(seed * 31 + 7);
  const root = copySpan(world.root);
  const place = random.pick(placesOf(world, root));
  if (place === undefined) return undefined;
  const other = world.dialects.findLast(({ service }) => service !== place.dialect.service) ?? place.dialect;
  const extraUs = Math.max(floorUs, world.usualUs * (EXTRA.least + (EXTRA.most - EXTRA.least) * random.next()));
  const site = { world, root, place, random, extraUs, other };
  const injected = trouble.inject?.(site);
  if (injected === undefined) return undefined;
  const rec = recordRequest(world, root, seed);
  const culprit = trouble.damage === undefined ? injected : trouble.damage(rec, injected, site);
  return culprit && { rec, trouble, world, culprit };
}
