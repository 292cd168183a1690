import { formatNumber } from "@/lib/format";

/** "46.2 /s", "12 /min": below one a second, a minute reads better. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond >= 1) return `${formatNumber(perSecond)}\u202f/s`;
  if (perSecond * 60 >= 0.1) return `${formatNumber(Math.round(perSecond * 600) / 10)}\u202f/min`;
  return `${formatNumber(Math.round(perSecond * 36_000) / 10)}\u202f/h`;
}
