import type { ReactNode } from "react";

/** A part of the drawer under a quiet heading. */
export function ObjectSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-1">
      <h3 className="border-b border-line pb-0.5 text-xs font-medium text-ink-3">{title}</h3>
      {children}
    </section>
  );
}
