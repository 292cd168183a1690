const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const MAX_MS = 366 * 86_400_000;

/** Milliseconds of `30s`, `10m`, `1h30m` or `2 d`; `undefined` for anything else, for none and for more than a year. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d{1,9})\s*(ms|s|min|m|h|d|w)(?=\d|\s|$)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim().replace(/(?<=[a-z])\s+/g, ""))
    return undefined;
  const ms = parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}
