import * as z from "zod/mini";

const count = z.number().check(z.int(), z.minimum(0));

/** Upper bounds of the size classes, exclusive; the last class has none. */
export const SIZE_CLASSES_BYTES = [1, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10] as const;

const shareSchema = z.object({ objects: count, bytes: count });
const namedShareSchema = z.object({ name: z.string(), objects: count, bytes: count });

/** What a listing looks like from its destination: from a dry run, or of the whole sealed inventory. */
export const planFactsSchema = z.object({
  /** Sums to the inventory: nothing is dropped without being counted. */
  counts: z.object({
    total: shareSchema,
    toCopy: shareSchema,
    /** Left out by rule or because it is no object, by reason code, most first. */
    leftOut: z.array(namedShareSchema),
    /** Named by the manifest and not there. */
    missing: shareSchema,
    /** Keys that cannot be stored, and objects that are not as expected. */
    invalid: shareSchema,
  }),
  /** Of what is to be copied, by SIZE_CLASSES_BYTES; one class more than bounds. */
  histogram: z.array(shareSchema),
  /** The largest by objects; the rest is `toCopy` less their sum. Names without a dot or with a long one are "". */
  extensions: z.array(namedShareSchema),
  prefixes: z.array(namedShareSchema),
  largest: z.array(z.object({ key: z.string(), sizeBytes: count })),
  /** Destination keys that two or more sources would have: they block the start. */
  collisions: z.object({
    keys: count,
    examples: z.array(z.object({ destinationKey: z.string(), sourceKeys: z.array(z.string()) })),
  }),
  /** Sources that the manifest sends to two or more keys: they block the start as well. */
  ambiguous: z.object({ keys: count, examples: z.array(z.string()) }),
  /** Destination keys that differ only in case or Unicode form. Allowed; some tools take them for one. */
  twins: z.object({
    groups: count,
    examples: z.array(z.object({ kind: z.enum(["case", "unicode"]), keys: z.array(z.string()) })),
  }),
});
export type PlanFacts = z.output<typeof planFactsSchema>;

/** The class of {@link SIZE_CLASSES_BYTES} a size falls into. */
export function sizeClassOf(sizeBytes: number): number {
  const at = SIZE_CLASSES_BYTES.findIndex((bound) => sizeBytes < bound);
  return at === -1 ? SIZE_CLASSES_BYTES.length : at;
}

/** ".png" of "a/b.PNG"; "" when there is none, or one too long to be one. */
export function extensionOf(key: string): string {
  return /[^/](\.[A-Za-z0-9]{1,10})$/.exec(key)?.[1]?.toLowerCase() ?? "";
}

/** The first segment with its slash; "" for keys at the root. */
export const prefixOf = (key: string): string => key.slice(0, key.indexOf("/") + 1);

/** Why a plan must not run, as a sentence; `undefined` when nothing stands in its way. */
export function blockOf({ collisions, ambiguous }: Pick<PlanFacts, "collisions" | "ambiguous">): string | undefined {
  const [pair] = collisions.examples;
  if (pair !== undefined) {
    const keys = collisions.keys === 1 ? "1 destination key has" : `${collisions.keys} destination keys have`;
    return `${keys} two or more sources: ${pair.sourceKeys.slice(0, 2).join(" and ")} would both become ${pair.destinationKey}. Change the mapping.`;
  }
  const [key] = ambiguous.examples;
  if (key === undefined) return undefined;
  return `The manifest sends ${ambiguous.keys === 1 ? "a source" : `${ambiguous.keys} sources`} to several keys: ${key}. Each source goes to one.`;
}
