import type { KeepPolicy } from "../domain/keep-policy";

/** What a plan does with what goes with the bytes, where that is not the usual. */
export function keepText({ contentType, storageClass, acl, tags, addTags }: KeepPolicy): string[] {
  const added = Object.keys(addTags).length;
  return [
    ...(contentType === "corrected" ? ["types corrected by the bytes"] : []),
    ...(storageClass === "default"
      ? []
      : [storageClass === "keep" ? "storage classes kept" : `stored as ${storageClass}`]),
    ...(acl === "none" ? [] : [acl === "keep" ? "access rules kept" : "full control to the bucket's owner"]),
    ...(tags === "keep" ? ["tags kept"] : []),
    ...(added === 0 ? [] : [`${added} ${added === 1 ? "tag" : "tags"} added`]),
  ];
}
