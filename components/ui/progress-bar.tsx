import { classNames } from "./class-names";

const FILLS = {
  running: "bg-running",
  ok: "bg-ok",
  bad: "bg-bad",
  warn: "bg-warn",
  neutral: "bg-ink-2",
  stale: "bg-stale hatched",
};

type ProgressBarProps = {
  /** What progresses, for its accessible name. */
  label: string;
  /** Done of all, 0 to 1. */
  share: number;
  tone?: keyof typeof FILLS;
  /** A second part after the first, for example failures. */
  badShare?: number;
  className?: string;
};

/** 6 px; floors, so that it is full only when all is done. */
export function ProgressBar({ label, share, tone = "running", badShare = 0, className }: ProgressBarProps) {
  const percent = Math.floor(Math.min(1, Math.max(0, share)) * 1000) / 10;
  const badPercent = Math.min(100 - percent, Math.max(0, badShare) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={classNames(
        "flex h-1.5 overflow-hidden rounded-full bg-sunken shadow-[inset_0_0_0_1px_var(--line)]",
        className,
      )}
    >
      <div className={classNames("h-full", FILLS[tone])} style={{ width: `${percent}%` }} />
      {badPercent > 0 && <div className="h-full bg-bad" style={{ width: `${badPercent}%` }} />}
    </div>
  );
}
