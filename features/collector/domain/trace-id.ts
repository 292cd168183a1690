/**
 * A trace id as Jaeger's API takes it: 1 to 32 hexadecimal digits (short ones are padded on the left), or base64 of 16
 * bytes. Returns 32 lower-case digits, or Jaeger's own complaint.
 */
export function parseTraceId(text: string, canBeBase64: boolean): { traceId: string } | { problem: string } {
  if (/^[0-9a-f]{1,32}$/i.test(text)) return { traceId: text.toLowerCase().padStart(32, "0") };
  if (canBeBase64 && /^[\w+/-]{22}(?:==)?$/.test(text)) return { traceId: Buffer.from(text, "base64").toString("hex") };
  if (canBeBase64 || text.length > 32 || text.length === 0) return { problem: "invalid length for TraceID" };
  return { problem: "invalid length for TraceID" };
}
