const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** One line of COPY's text format; null and undefined are NULL. */
export function toCopyLine(fields: readonly (string | number | null | undefined)[]): string {
  return `${fields.map(toField).join("\t")}\n`;
}

function toField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "\\N";
  return String(value).replace(/[\\\t\n\r]/g, (c) => ESCAPES[c] ?? "");
}
