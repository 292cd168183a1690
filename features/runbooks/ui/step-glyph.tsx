import type { StepStatus } from "../domain/run-state";

/** What a reader sees of a step: its state, or that this browser's change of it has not been acknowledged yet. */
export type ShownStatus = StepStatus | "doing" | "pending";

export const STATUS_WORDS: Record<ShownStatus, string> = {
  todo: "to do",
  doing: "next",
  pending: "waiting to be sent",
  done: "done",
  skipped: "skipped",
};

/** Shape says who: a square is a person. Filled is settled, dashed is not acknowledged yet. */
export function StepGlyph({
  status,
  label,
  className = "size-[18px]",
}: {
  status: ShownStatus;
  label?: string;
  className?: string;
}) {
  return (
    <svg
      viewBox="0 0 18 18"
      className={`block shrink-0 ${className}`}
      role={label === undefined ? undefined : "img"}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {SHAPES[status]}
    </svg>
  );
}

const BOX = { x: 2.75, y: 2.75, width: 12.5, height: 12.5, rx: 3 } as const;
const LINE = { fill: "none", strokeLinecap: "round", strokeLinejoin: "round" } as const;

const SHAPES = {
  todo: <rect {...BOX} fill="none" className="stroke-ink-3" strokeWidth="1.5" />,
  doing: (
    <>
      <rect
        x="2.5"
        y="2.5"
        width="13"
        height="13"
        rx="3.2"
        className="fill-running-soft stroke-running"
        strokeWidth="2"
      />
      <path d="M7.2 5.900v6.200L12 9z" className="fill-running" />
    </>
  ),
  pending: (
    <>
      <rect {...BOX} fill="none" className="stroke-warn" strokeWidth="1.5" strokeDasharray="2.600 1.700" />
      <path d="M9 5.700V9l2.100 1.300" className="stroke-warn" strokeWidth="1.5" {...LINE} />
    </>
  ),
  done: (
    <>
      <rect x="2" y="2" width="14" height="14" rx="3.2" className="fill-ok" />
      <path d="m5.400 9.300 2.500 2.500 4.800-5.400" className="stroke-surface" strokeWidth="1.9" {...LINE} />
    </>
  ),
  skipped: (
    <>
      <rect {...BOX} fill="none" className="stroke-ink-3" strokeWidth="1.5" />
      <path
        d="m6 6.200 2.800 2.800L6 11.800M9.600 6.200 12.400 9l-2.800 2.800"
        className="stroke-ink-3"
        strokeWidth="1.5"
        {...LINE}
      />
    </>
  ),
};
