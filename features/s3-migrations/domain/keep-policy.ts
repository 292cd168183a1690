import * as z from "zod/mini";

/** Classes a destination may be asked for by name; `keep` takes each object's own. */
export const STORAGE_CLASSES = [
  "STANDARD",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
  "REDUCED_REDUNDANCY",
] as const;

const MAX_TAGS = 10;

/** What goes with the bytes beside cache-control, disposition, encoding, language, expiry and user metadata: those always do. */
export const keepSchema = z.strictObject({
  /** `as_told`: as the source says, also when the bytes say otherwise. `corrected`: as the bytes say, where they do. */
  contentType: z._default(z.enum(["as_told", "corrected"]), "as_told"),
  /** `default`: whatever the bucket gives. */
  storageClass: z._default(z.enum(["default", "keep", ...STORAGE_CLASSES]), "default"),
  /** `keep`: the grants of each object but its owner's own. */
  acl: z._default(z.enum(["none", "keep", "bucket_owner_full"]), "none"),
  tags: z._default(z.enum(["none", "keep"]), "none"),
  /** Given to every object; wins over a kept tag of the same name. */
  addTags: z._default(
    z
      .record(z.string().check(z.minLength(1), z.maxLength(128)), z.string().check(z.maxLength(256)))
      .check(z.refine((tags) => Object.keys(tags).length <= MAX_TAGS, `S3 takes ${MAX_TAGS} tags at most`)),
    {},
  ),
});
export type KeepPolicy = z.output<typeof keepSchema>;

/** What only another request tells of an object, and only a destination that knows it can hold. */
export type KeepNeeds = { tags: boolean; grants: boolean; storageClass: boolean };

export const needsTags = ({ tags, addTags }: KeepPolicy): boolean => tags === "keep" || Object.keys(addTags).length > 0;

export function needsOf(policy: KeepPolicy): KeepNeeds {
  return { tags: needsTags(policy), grants: policy.acl !== "none", storageClass: policy.storageClass !== "default" };
}

/** Answers of the probe; absent = not asked. */
export type KeepAbilities = {
  keepsTags?: boolean | undefined;
  keepsGrants?: boolean | undefined;
  keepsStorageClass?: boolean | undefined;
};

/** Sentences for everything the plan wants kept and the destination cannot hold; none: it can start. */
export function missingAbilities(policy: KeepPolicy, abilities: KeepAbilities): string[] {
  const needs = needsOf(policy);
  return [
    ...(needs.tags && abilities.keepsTags === false ? ["The destination does not keep tags."] : []),
    ...(needs.grants && abilities.keepsGrants === false ? ["The destination does not take access rules (ACL)."] : []),
    ...(needs.storageClass && abilities.keepsStorageClass === false
      ? ["The destination does not keep the storage class it is asked for."]
      : []),
  ];
}
