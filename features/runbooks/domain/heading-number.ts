/** True for "1. …", "2) …", "Step 3", "Step 3: …"; not for "2 servers". */
export function isNumbered(text: string): boolean {
  return /^(?:step\s+\d+\b|\d{1,3}[.):](?:\s|$))/i.test(text);
}

/** A heading without the number its author gave it, since every step shows its own. */
export function withoutNumber(text: string): string {
  const rest = text.replace(/^(?:step\s+\d+\s*[.:)]?|\d{1,3}[.):])\s*(?:[-–—]\s+)?/i, "");
  return rest === "" ? text : rest;
}
