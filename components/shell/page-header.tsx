"use client";

import { type ReactNode, useEffect, useEffectEvent } from "react";
import { type Crumb, showBreadcrumb } from "./breadcrumb-store";

type PageHeaderProps = {
  title: ReactNode;
  /** Quiet facts beside the title: id, source, age. */
  meta?: ReactNode;
  actions?: ReactNode;
  /** From the section to this page; shown in the top bar. Only the last has no `href`. */
  breadcrumb?: readonly Crumb[];
};

/** The page's one `h1` with its actions. On a phone the actions take a row of their own. */
export function PageHeader({ title, meta, actions, breadcrumb }: PageHeaderProps) {
  const key = breadcrumb === undefined ? undefined : JSON.stringify(breadcrumb);
  const show = useEffectEvent(() => (breadcrumb === undefined ? undefined : showBreadcrumb(breadcrumb)));
  // Outside system: the top bar, which is above this page in the tree. The key keeps equal crumbs from re-running it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the crumbs.
  useEffect(() => show(), [key]);
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <h1 className="min-w-0 text-xl break-words">{title}</h1>
        {meta !== undefined && <div className="min-w-0 text-md text-ink-3">{meta}</div>}
      </div>
      {actions !== undefined && (
        <div className="ml-auto flex flex-wrap items-center gap-2 max-phone:ml-0 max-phone:basis-full">{actions}</div>
      )}
    </header>
  );
}
