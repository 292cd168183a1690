import type { ReactNode } from "react";

/** "× 214", "3 short": how many a row stands for. */
export function FoldCount({ isStrong = false, children }: { isStrong?: boolean; children: ReactNode }) {
  const tone = isStrong ? "bg-ink text-surface" : "bg-sunken text-ink-2 ring-1 ring-line-strong ring-inset";
  return (
    <span className={`h-[17px] shrink-0 rounded-xs px-[5px] text-xs/[17px] font-semibold whitespace-nowrap ${tone}`}>
      {children}
    </span>
  );
}
