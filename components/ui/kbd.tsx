import type { ReactNode } from "react";

/** One key. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-block min-w-[18px] rounded-sm border border-line-strong bg-surface px-1 text-center font-sans text-[10.5px]/4 font-medium text-ink-3">
      {children}
    </kbd>
  );
}
