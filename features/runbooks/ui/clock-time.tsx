"use client";

import { useNow } from "@/components/hooks/use-now";
import { formatAbsolute } from "@/components/ui/relative-time";

/** "14:32" in the reader's zone, with the date when it was another day; all of it on hover. */
export function ClockTime({ at, className }: { at: string; className?: string }) {
  const nowMs = useNow();
  if (nowMs === undefined) return <time dateTime={at} className={className} />;
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return (
    <time dateTime={at} title={formatAbsolute(at)} className={className}>
      {isToday ? time : `${day} ${time}`}
    </time>
  );
}
