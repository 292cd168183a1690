import { US_PER_MS, US_PER_SECOND } from "./units";

/** Narrow no-break space between number and unit. */
const NNBSP = "\u202f";

/** A number and its unit apart, so that a column can align the numbers and quiet the units. */
export type Quantity = { value: string; unit: string };

/** "1.62 s" */
export function toText({ value, unit }: Quantity): string {
  return unit === "" ? value : `${value}${NNBSP}${unit}`;
}

// Made once: a formatter takes longer to make than a row of numbers to draw (6 of 60 ms a frame of the waterfall).
const WITH_DIGITS = ([0, 1, 2] as const).map(
  (digits) => new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }),
) as [Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat];
const WHOLE = new Intl.NumberFormat("en-US");

/** Three significant digits, at least the whole number: 1.62, 38.2, 610, 12,345. `0` for nothing. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const magnitude = Math.abs(value);
  const digits = magnitude >= 100 || Number.isInteger(value) ? 0 : magnitude >= 10 ? 1 : 2;
  return WITH_DIGITS[digits].format(value);
}

/** A duration in the unit a person would say: µs, ms, s, min, h, d. Zero is "0" without a unit. */
export function durationQuantity(durationUs: number): Quantity {
  const magnitude = Math.abs(durationUs);
  if (magnitude === 0) return { value: "0", unit: "" };
  if (magnitude < US_PER_MS) return { value: formatNumber(Math.round(durationUs)), unit: "µs" };
  if (magnitude < 0.9995 * US_PER_SECOND) {
    const stepUs = magnitude >= 100 * US_PER_MS ? US_PER_MS : magnitude >= 10 * US_PER_MS ? 100 : 10;
    return { value: formatNumber(roundTo(durationUs, stepUs) / US_PER_MS), unit: "ms" };
  }
  if (magnitude < 120 * US_PER_SECOND) {
    const digits = magnitude < 9.995e6 ? 2 : 1;
    return { value: (roundTo(durationUs, 10 ** (6 - digits)) / US_PER_SECOND).toFixed(digits), unit: "s" };
  }
  if (magnitude < 7200 * US_PER_SECOND)
    return { value: formatNumber(Math.round(durationUs / US_PER_SECOND / 60)), unit: "min" };
  const hours = durationUs / US_PER_SECOND / 3600;
  if (Math.abs(hours) < 47.5) return { value: formatNumber(hours), unit: "h" };
  return { value: formatNumber(hours / 24), unit: "d" };
}

/** A duration of a column in the unit of its longest, so that what reads larger is larger; minutes from ten up. */
export function columnDuration(durationUs: number, longestUs: number): Quantity {
  const [unit, unitUs] = COLUMN_UNITS.find(([, , fromUs]) => longestUs >= fromUs) ?? (["µs", 1] as const);
  const value = durationUs / unitUs;
  return { value: value > 0 && value < 0.01 ? "<0.01" : formatNumber(value), unit };
}

const COLUMN_UNITS = [
  ["h", 3600 * US_PER_SECOND, 7200 * US_PER_SECOND],
  ["min", 60 * US_PER_SECOND, 600 * US_PER_SECOND],
  ["s", US_PER_SECOND, US_PER_SECOND],
  ["ms", US_PER_MS, US_PER_MS],
] as const;

/** Halves away from zero, counted in whole steps: 1,345,000 µs is 1.35 s, though 1.345 is a little less in binary. */
const roundTo = (us: number, stepUs: number): number => Math.sign(us) * Math.round(Math.abs(us) / stepUs) * stepUs;

/** Bytes in powers of 1000, as storage vendors and S3 bills count. */
export function bytesQuantity(sizeBytes: number): Quantity {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = sizeBytes;
  let step = 0;
  while (Math.abs(value) >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return { value: formatNumber(value), unit: units[step] ?? "B" };
}

export const formatDuration = (durationUs: number): string => toText(durationQuantity(durationUs));
export const formatBytes = (sizeBytes: number): string => toText(bytesQuantity(sizeBytes));
export const formatCount = (count: number): string => WHOLE.format(count);

/** A share as a floored percent: 99.9 % of the work is never shown as 100 %. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const percent = Math.floor(share * 1000) / 10;
  return `${percent >= 10 ? Math.floor(percent) : percent}${NNBSP}%`;
}

/** "4 s ago", "12 min ago", "3 h ago", "2 d ago"; the absolute time belongs in the title. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return `${seconds}${NNBSP}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NNBSP}min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${NNBSP}h ago`;
  return `${Math.floor(seconds / 86_400)}${NNBSP}d ago`;
}
