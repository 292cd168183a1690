import type { Deploy } from "../facts/deploy-schema";
import { type CompareSides, VERSION_KEY } from "./compare-side";

/** What git takes as the name of a tag or a commit, in the letters that occur. Versions come from traces. */
const REF = /^[A-Za-z0-9][A-Za-z0-9._+/-]{0,199}$/;
const NO_REF = /\.\.|\/\/|\.lock$|[./]$/;

/** The page of a repository that lists the commits between two versions; undefined where they name none. */
export function toCommitsLink(repositoryUrl: string | null, before: string | null, after: string): string | undefined {
  if (repositoryUrl === null || before === null || before === after || !isRef(before) || !isRef(after))
    return undefined;
  return `${repositoryUrl}/compare/${spell(before)}...${spell(after)}`;
}

/** The versions the two sides are told apart by; undefined where they are not. */
export function versionsOf({ a, b }: CompareSides): { before: string; after: string } | undefined {
  const [before, after] = [a, b].map((side) =>
    side.kind === "group" ? side.search.attributes?.[VERSION_KEY] : undefined,
  );
  return before === undefined || after === undefined || before === after ? undefined : { before, after };
}

/** Versions seen of the service between the two, oldest first; none where one of the two is not known. */
export function versionsBetween(
  deploys: readonly Deploy[],
  { before, after }: { before: string; after: string },
): string[] {
  const inOrder = deploys.toSorted((a, b) => a.atUs - b.atUs).map(({ version }) => version);
  const [from, to] = [inOrder.lastIndexOf(before), inOrder.lastIndexOf(after)];
  if (from < 0 || to < 0) return [];
  const between = inOrder.slice(Math.min(from, to) + 1, Math.max(from, to));
  return [...new Set(between)].filter((version) => version !== before && version !== after);
}

const isRef = (version: string): boolean => REF.test(version) && !NO_REF.test(version);
const spell = (version: string): string => version.split("/").map(encodeURIComponent).join("/");
