/** A trace id somebody pasted, alone or inside a URL or a `traceparent`: 16 to 32 hex digits, lower case. */
export function parseTraceId(text: string): string | undefined {
  const traceparent = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/i.exec(text.trim());
  const bare = /^(?:https?:\/\/\S*\/)?([0-9a-f]{16,32})(?:[/?#]\S*)?$/i.exec(text.trim());
  return (traceparent ?? bare)?.[1]?.toLowerCase();
}
