import type { CompareReply } from "../paths/compare-schema";

/** All that changed between two sides, what got longer and what got shorter counted alike, small steps included. */
export function movedUs({ steps, leftOut }: Pick<CompareReply, "steps" | "leftOut">): number {
  return steps.reduce((sum, { changeUs }) => sum + Math.abs(changeUs), Math.abs(leftOut.changeUs));
}

/**
 * "+38 %", "−22 %": a step's part of all that changed, with the way it went. Parts of the difference of the two sides
 * would be hundreds of percent where one step grew and another shrank. "" below half a percent.
 */
export function shareText(changeUs: number, allUs: number): string {
  const percent = allUs === 0 ? 0 : Math.round((Math.abs(changeUs) / allUs) * 100);
  return percent === 0 ? "" : `${changeUs < 0 ? "−" : "+"}${percent}\u202f%`;
}

/** How much longer the mean request takes: all steps, those within chance included. */
export function wholeChangeUs({ steps, leftOut }: Pick<CompareReply, "steps" | "leftOut">): number {
  return steps.reduce((sum, { changeUs }) => sum + changeUs, leftOut.changeUs);
}
