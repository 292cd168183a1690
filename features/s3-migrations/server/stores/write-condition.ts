/** What must be true of the key at the moment of the write: nothing is there, exactly this is there, or no matter. */
export type WriteCondition = "absent" | { etag: string } | "any";

export function conditionHeaders(condition: WriteCondition): Record<string, string> {
  if (condition === "any") return {};
  return condition === "absent" ? { "if-none-match": "*" } : { "if-match": `"${condition.etag}"` };
}
