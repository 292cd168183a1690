import { type TimeWindow, WEEKDAYS } from "./time-windows";

/**
 * `mon-fri 22:00-06:00 Europe/Berlin` as a window; days may be single, lists (mon,wed), runs (fri-mon) and `daily`.
 * `undefined` when it is not written like that; whether the zone exists is for the schema to say.
 */
export function parseWindow(text: string): TimeWindow | undefined {
  const [, days, from, to, timeZone] = /^(.+?) (\d\d:\d\d) ?[-–] ?(\d\d:\d\d) (\S+)$/.exec(text.trim()) ?? [];
  const chosen = days === undefined ? undefined : parseDays(days);
  if (chosen === undefined || from === undefined || to === undefined || timeZone === undefined) return undefined;
  return { days: chosen, from, to, timeZone };
}

function parseDays(text: string): TimeWindow["days"] | undefined {
  if (text === "daily") return [...WEEKDAYS];
  const chosen = new Set<TimeWindow["days"][number]>();
  for (const part of text.split(",")) {
    const [first = "", last = first] = part.split(/[-–]/).map((day) => day.trim().toLowerCase());
    const [start, end] = [first, last].map((day) => (WEEKDAYS as readonly string[]).indexOf(day));
    if (start === undefined || end === undefined || start < 0 || end < 0) return undefined;
    for (let at = 0; at <= (end - start + 7) % 7; at += 1) chosen.add(WEEKDAYS[(start + at) % 7] ?? "mon");
  }
  return [...chosen];
}

const UNITS: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/** `20M` as 20,000,000; NaN when it is no such number. */
export function parseAmount(text: string): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(text.trim()) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
}

/** The way back: 20,000,000 as `20M`, anything uneven in full. */
export function amountText(value: number): string {
  for (const [unit, size] of [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const) {
    if (value >= size && Number.isInteger((value / size) * 100)) return `${value / size}${unit}`;
  }
  return String(value);
}
