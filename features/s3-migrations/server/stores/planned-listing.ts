import { keyProblem } from "../../domain/object-key";
import type { ListedObject } from "./object-store";

/** A listing seen from its destination: what cannot be stored there under its prefix is known before the first byte. */
export async function* plannedListing(
  pages: AsyncIterable<ListedObject[]>,
  prefix: string,
): AsyncGenerator<ListedObject[]> {
  for await (const page of pages) yield prefix === "" ? page : page.map((listed) => planned(listed, prefix));
}

function planned(listed: ListedObject, prefix: string): ListedObject {
  if (listed.problem !== undefined) return listed;
  const message = keyProblem(prefix + listed.key);
  if (message === undefined) return listed;
  return { ...listed, problem: { kind: "invalid_key", code: "InvalidKey", message: `${message}, with its prefix` } };
}
