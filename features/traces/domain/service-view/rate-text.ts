import { formatNumber } from "@/lib/format";

/**
 * "46.2 /s", "12 /min": below one a second, a minute reads better. Beside another rate both take the unit of the lower,
 * so that they can be compared and neither is rounded away.
 */
export function rateText(perSecond: number, beside = perSecond): string {
  if (perSecond === 0) return "0";
  const lower = beside === 0 ? perSecond : Math.min(perSecond, beside);
  if (lower >= 1) return `${formatNumber(perSecond)}\u202f/s`;
  if (lower * 60 >= 0.1) return `${formatNumber(Math.round(perSecond * 600) / 10)}\u202f/min`;
  return `${formatNumber(Math.round(perSecond * 36_000) / 10)}\u202f/h`;
}
