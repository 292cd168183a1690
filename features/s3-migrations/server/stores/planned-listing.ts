import type { ObjectFilters } from "../../domain/filter-spec";
import { compileKeyMap, type KeyMap } from "../../domain/key-map";
import { compileFilters, FILTER_REASONS } from "../../domain/object-filter";
import { keyProblem } from "../../domain/object-key";
import type { ListedObject, ListingProblem } from "./object-store";

export type ListingPlan = { prefix: string; filters: ObjectFilters; keyMap: KeyMap };

/**
 * A listing seen from its destination: which objects are meant, where each goes, and what cannot be stored there under
 * its prefix, known before the first byte. An object that is not meant stays in the listing, with the reason.
 */
export async function* plannedListing(
  pages: AsyncIterable<ListedObject[]>,
  { prefix, filters, keyMap }: ListingPlan,
): AsyncGenerator<ListedObject[]> {
  const reasonOf = compileFilters(filters);
  const toKey = compileDestination(keyMap);
  const plan = (listed: ListedObject): ListedObject => {
    if (listed.problem !== undefined && listed.problem.kind !== "missing") return listed;
    const reason = reasonOf(listed);
    if (reason !== undefined) {
      return { ...listed, problem: { kind: "left_out", code: reason, message: FILTER_REASONS[reason] } };
    }
    if (listed.problem !== undefined) return listed;
    const mapped = toKey(listed);
    return typeof mapped === "string" ? storable(listed, mapped, prefix) : { ...listed, problem: mapped };
  };
  for await (const page of pages) yield page.map(plan);
}

/** Where an object goes, or why nowhere. */
function compileDestination(keyMap: KeyMap): (listed: ListedObject) => string | ListingProblem {
  if (keyMap.kind === "manifest") return ({ key, destinationKey = key }) => destinationKey;
  const map = compileKeyMap(keyMap);
  return ({ key }) => {
    const mapped = map(key);
    if (mapped.kind === "key") return mapped.key;
    return mapped.kind === "left_out"
      ? { kind: "left_out", code: "NotMapped", message: "no rule maps its key" }
      : { kind: "invalid_key", code: "NotMapped", message: mapped.message };
  };
}

function storable(listed: ListedObject, destinationKey: string, prefix: string): ListedObject {
  const { destinationKey: _told, ...rest } = listed;
  const planned = destinationKey === listed.key ? rest : { ...rest, destinationKey };
  const problem = keyProblem(prefix + destinationKey);
  if (problem === undefined) return planned;
  const where = destinationKey === listed.key ? "" : ", as mapped";
  const message = `${problem}${where}${prefix === "" ? "" : ", with its prefix"}`;
  // Without the key it would have had: no text of the database may be able to hold that.
  return { ...rest, problem: { kind: "invalid_key", code: "InvalidKey", message } };
}
