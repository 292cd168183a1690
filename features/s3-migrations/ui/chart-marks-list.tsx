import { formatDuration } from "@/lib/format";
import { US_PER_MS } from "@/lib/units";
import { toShownName } from "@/lib/viewer-name";
import type { ChartMark } from "../domain/chart-marks";
import { clockOfMs, VERB_WORDS } from "./migration-words";

/** What the letters of the chart stand for. */
export function ChartMarks({ marks }: { marks: readonly ChartMark[] }) {
  if (marks.length === 0) return null;
  return (
    <ol aria-label="Marks" className="flex flex-wrap gap-x-4 gap-y-1 px-2 pt-1.5 text-sm text-ink-2">
      {marks.map((mark) => (
        <li key={mark.letter} className="flex items-baseline gap-1.5">
          <b className="inline-grid size-4 place-items-center rounded-full border border-line-strong text-xs font-semibold">
            {mark.letter}
          </b>
          <span>
            {mark.kind === "command"
              ? `${VERB_WORDS[mark.verb]} by ${toShownName(mark.actor)}`
              : `Throttled, ${formatDuration(mark.throttledMs * US_PER_MS)} waited`}
          </span>
          <time dateTime={new Date(mark.fromMs).toISOString()} className="text-ink-3 tabular-nums">
            {clockOfMs(mark.fromMs)}
          </time>
        </li>
      ))}
    </ol>
  );
}
