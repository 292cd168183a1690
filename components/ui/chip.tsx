import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { StateGlyph, type StateTone } from "./state-glyph";

const TONES: Record<StateTone, string> = {
  neutral: "bg-sunken text-ink-2",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  running: "bg-running-soft text-running",
  stale: "bg-stale-soft text-stale hatched",
};

type ChipProps = {
  tone?: StateTone;
  /** Replaces the tone's own shape; `null` for none. */
  icon?: ReactNode;
  title?: string;
  className?: string;
  children: ReactNode;
};

/** A state in one or two words. Its shape says it before its colour. */
export function Chip({ tone = "neutral", icon, title, className, children }: ChipProps) {
  const glyph = icon === undefined && tone !== "neutral" ? <StateGlyph tone={tone} /> : icon;
  return (
    <span
      title={title}
      className={classNames(
        "inline-flex h-5 shrink-0 items-center gap-1.5 rounded-full px-2 text-xs font-[550] whitespace-nowrap [&_svg]:size-3",
        TONES[tone],
        className,
      )}
    >
      {glyph}
      {children}
    </span>
  );
}
