import { classNames } from "./class-names";

export type StateTone = "neutral" | "ok" | "warn" | "bad" | "running" | "stale";

const COLOURS: Record<StateTone, string> = {
  neutral: "text-ink-3",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  running: "text-running",
  stale: "text-stale",
};

const STROKE = { fill: "none", stroke: "currentColor", strokeLinecap: "round", strokeLinejoin: "round" } as const;

const SHAPES = {
  neutral: <circle cx="6" cy="6" r="1.8" fill="currentColor" />,
  ok: <path d="M2.5 6.3 5 8.7l4.5-5.2" strokeWidth="1.6" {...STROKE} />,
  warn: (
    <>
      <path d="M6 .8 11.200 6 6 11.200.8 6z" fill="currentColor" />
      <path d="M6 3.700v2.700M6 8.200v.05" className="stroke-surface" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  bad: (
    <>
      <path d="M6 1.200 11.300 10.600H.7Z" fill="currentColor" />
      <path d="M6 4.600v2.700M6 8.900v.05" className="stroke-surface" strokeWidth="1.3" strokeLinecap="round" />
    </>
  ),
  running: (
    <>
      <circle cx="6" cy="6" r="4.300" strokeWidth="1.4" {...STROKE} />
      <path d="M6 1.700a4.300 4.300 0 0 1 0 8.600Z" fill="currentColor" />
    </>
  ),
  stale: (
    <circle cx="6" cy="6" r="4.300" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2 1.860" />
  ),
};

/** Shape before colour: tick ok, diamond warn, triangle bad, half disc running, dashed ring stale. Named by `label`. */
export function StateGlyph({ tone, label, className }: { tone: StateTone; label?: string; className?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width="12"
      height="12"
      className={classNames("shrink-0", COLOURS[tone], className)}
      role={label === undefined ? undefined : "img"}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {SHAPES[tone]}
    </svg>
  );
}
