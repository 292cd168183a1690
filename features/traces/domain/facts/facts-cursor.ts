const CURSOR = /^(\d{1,16})\.([0-9a-f]{32})$/;

/** Where a page ended: the sorted value and the id of its last trace. */
export type FactsCursor = { value: number; traceId: string };

/** The text a page hands on; {@link parseFactsCursor} reads it back. */
export function toCursorText({ value, traceId }: FactsCursor): string {
  return `${value}.${traceId}`;
}

/** `undefined` for text that no page handed out. */
export function parseFactsCursor(text: string): FactsCursor | undefined {
  const match = CURSOR.exec(text);
  const value = Number(match?.[1]);
  return match?.[2] === undefined || !Number.isSafeInteger(value) ? undefined : { value, traceId: match[2] };
}
