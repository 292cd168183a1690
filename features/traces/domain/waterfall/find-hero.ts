import type { FoldContext } from "./fold-context";
import { membersOf } from "./trace-plan";

/** A group gets a taller row from this share of the trace and this many calls on. */
const HERO_SHARE = 0.1;
const HERO_CALLS = 10;

/** The group that most of the critical path goes through, if it is enough of the trace; -1 for none. */
export function findHero({ plan, trace, withGroups }: FoldContext): number {
  const { groups, path } = plan;
  let hero = -1;
  let heroUs = trace.durationUs * HERO_SHARE;
  for (let group = 0; withGroups && group < groups.count; group += 1) {
    const rows = membersOf(groups, group);
    if (rows.length < HERO_CALLS || (groups.sumUs[group] ?? 0) < heroUs) continue;
    const pathUs = rows.reduce((sum, row) => sum + (path.throughUs[row] ?? 0), 0);
    if (pathUs < heroUs) continue;
    hero = group;
    heroUs = pathUs;
  }
  return hero;
}
