import type { StepStatus } from "../domain/run-state";

/**
 * What a reader sees of a step: its state, or that it is the next one, or that this browser's change of it has not been
 * acknowledged yet. What a second person decides has a shape of its own.
 */
export type ShownStatus = StepStatus | "next" | "choose" | "asked" | "approved" | "pending";

export const STATUS_WORDS: Record<ShownStatus, string> = {
  todo: "to do",
  next: "next",
  choose: "to choose",
  doing: "doing",
  waiting: "waiting",
  asked: "asks approval",
  pending: "waiting to be sent",
  done: "done",
  approved: "approved",
  sensed: "sensed",
  overridden: "overridden",
  skipped: "skipped",
  "not-applicable": "not applicable",
  failed: "failed",
};

/** Statuses somebody has to look at, and those that are under way, in the colours of their glyphs. */
export const STATUS_TONES: Partial<Record<ShownStatus, string>> = {
  pending: "text-warn",
  asked: "text-warn",
  overridden: "text-warn",
  failed: "text-bad",
  next: "text-running",
  doing: "text-running",
  waiting: "text-running",
};

/** Shape says who: a square is a person, a circle an instrument, a diamond a second person. Filled is settled. */
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

const TICK = <path d="m5.400 9.300 2.500 2.500 4.800-5.400" className="stroke-surface" strokeWidth="1.9" {...LINE} />;

const SHAPES: Record<ShownStatus, React.ReactNode> = {
  next: <rect {...BOX} className="fill-running-soft stroke-running" strokeWidth="2" />,
  choose: (
    <>
      <rect {...BOX} fill="none" className="stroke-ink-3" strokeWidth="1.5" />
      <path d="M9 13V9.500L6.300 6M9 9.500 11.700 6" className="stroke-ink-3" strokeWidth="1.500" {...LINE} />
    </>
  ),
  waiting: (
    <>
      <circle cx="9" cy="9" r="6.500" fill="none" className="stroke-line-strong" strokeWidth="2.200" />
      <path d="M9 2.500a6.500 6.500 0 0 1 6.500 6.500" className="stroke-running" strokeWidth="2.200" {...LINE} />
      <path d="M9 6v3.200l2 1.200" className="stroke-running" strokeWidth="1.500" {...LINE} />
    </>
  ),
  asked: (
    <>
      <path d="M9 1.700 16.300 9 9 16.300 1.700 9z" className="fill-warn-soft stroke-warn" strokeWidth="1.500" />
      <path
        d="M7.300 7.400a1.700 1.700 0 1 1 2.500 1.500c-.5.3-.8.6-.8 1.100M9 11.900v.1"
        className="stroke-warn"
        strokeWidth="1.500"
        {...LINE}
      />
    </>
  ),
  approved: (
    <>
      <path d="M9 .9 17.100 9 9 17.100.9 9z" className="fill-ok" />
      {TICK}
    </>
  ),
  sensed: (
    <>
      <circle cx="9" cy="9" r="7.200" className="fill-ok" />
      {TICK}
    </>
  ),
  overridden: (
    <>
      <circle cx="9" cy="9" r="7" fill="none" className="stroke-warn" strokeWidth="1.500" strokeDasharray="3 2" />
      <rect x="5.300" y="5.300" width="7.400" height="7.400" rx="2" className="fill-warn" />
      <path d="m7 9.100 1.400 1.400 2.600-3" className="stroke-surface" strokeWidth="1.400" {...LINE} />
    </>
  ),
  "not-applicable": (
    <>
      <rect {...BOX} fill="none" className="stroke-ink-3" strokeWidth="1.500" strokeDasharray="2.200 2.200" />
      <path d="M6.500 9h5" className="stroke-ink-3" strokeWidth="1.500" {...LINE} />
    </>
  ),
  failed: (
    <>
      <rect x="2" y="2" width="14" height="14" rx="3.200" className="fill-bad" />
      <path d="m6.200 6.200 5.600 5.600m0-5.600-5.600 5.600" className="stroke-surface" strokeWidth="1.900" {...LINE} />
    </>
  ),
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
      {TICK}
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
