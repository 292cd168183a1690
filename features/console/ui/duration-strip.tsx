import { formatDuration } from "@/lib/format";
import { type DurationAxis, placeOnAxis } from "../domain/duration-histogram";
import type { OperationDigest } from "../domain/trace-digest";

const HEIGHT = 20;

type DurationStripProps = { digest: OperationDigest; axis: DurationAxis };

/** How an operation's durations spread, on the axis all rows share; below it a tick for p50, a bold one for p95. */
export function DurationStrip({ digest: { bins, p50Us, p95Us, count, operation }, axis }: DurationStripProps) {
  const most = Math.max(1, ...bins);
  const p95Text = p95Us === null ? "" : `, p95 ${formatDuration(p95Us)}`;
  return (
    <span
      role="img"
      aria-label={`Durations of ${operation}: ${count} traces, p50 ${formatDuration(p50Us)}${p95Text}`}
      className="relative block h-[26px] w-[132px] border-x border-grid"
    >
      <svg
        aria-hidden
        viewBox={`0 0 ${bins.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-5 w-full border-b border-line"
      >
        {bins.map((each, at) => {
          const height = each === 0 ? 0 : Math.max(1.5, (each / most) * (HEIGHT - 1));
          // The bins have no other name than their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: fixed number and order
          return <rect key={at} x={at + 0.06} y={HEIGHT - height} width="0.88" height={height} className="fill-s1" />;
        })}
      </svg>
      <Tick at={placeOnAxis(p50Us, axis)} className="w-px bg-ink-2" />
      {p95Us !== null && <Tick at={placeOnAxis(p95Us, axis)} className="-ml-px w-[3px] bg-ink" />}
    </span>
  );
}

function Tick({ at, className }: { at: number; className: string }) {
  return <span aria-hidden className={`absolute bottom-0 h-[5px] ${className}`} style={{ left: `${at * 100}%` }} />;
}

/** The ends and the middle of the shared axis, for the head of the column. */
export function DurationScale({ axis: { fromUs, toUs } }: { axis: DurationAxis }) {
  return (
    <span className="flex w-[132px] justify-between font-normal tabular-nums">
      <span>{formatDuration(fromUs)}</span>
      <span className="sr-only"> to </span>
      <span>{formatDuration(toUs)}</span>
    </span>
  );
}
