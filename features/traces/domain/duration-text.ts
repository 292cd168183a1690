const UNIT_US: Record<string, number> = {
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
};
const DURATION = /^(\d+(?:\.\d+)?)\s*([a-zµμ]+)?$/i;

/** "300ms", "1.5 s", "2min" → µs; a bare number is milliseconds. `undefined` for anything else. */
export function parseDurationText(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (match === null) return undefined;
  const unitUs = UNIT_US[(match[2] ?? "ms").toLowerCase()];
  return unitUs === undefined ? undefined : Math.round(Number(match[1]) * unitUs);
}

/** The shortest text that {@link parseDurationText} reads back to the same µs. */
export function toDurationText(durationUs: number): string {
  if (durationUs >= 1_000_000 && durationUs % 10_000 === 0) return `${durationUs / 1_000_000}s`;
  if (durationUs >= 1000 && durationUs % 10 === 0) return `${durationUs / 1000}ms`;
  return `${durationUs}us`;
}
