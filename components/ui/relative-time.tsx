"use client";

import { useNow } from "@/components/hooks/use-now";
import { formatAge } from "@/lib/format";

const ABSOLUTE = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

const toMs = (at: string | number): number => (typeof at === "number" ? at : Date.parse(at));

/** Local date and time with the zone named: "Thu, 19 Nov 2026, 14:32:05 IST". */
export function formatAbsolute(at: string | number): string {
  const ms = toMs(at);
  return Number.isFinite(ms) ? ABSOLUTE.format(ms) : "–";
}

/** "4 min ago", ticking; the absolute time on hover and for machines. `at` is ISO text or epoch ms. */
export function RelativeTime({ at, className }: { at: string | number; className?: string }) {
  const nowMs = useNow();
  const ms = toMs(at);
  if (!Number.isFinite(ms)) return <span className={className}>–</span>;
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={nowMs === undefined ? undefined : formatAbsolute(ms)}
      className={className ?? "whitespace-nowrap tabular-nums"}
      suppressHydrationWarning
    >
      {nowMs === undefined ? new Date(ms).toISOString().slice(11, 16) : formatAge(nowMs - ms)}
    </time>
  );
}
