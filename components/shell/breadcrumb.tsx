"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Fragment, useSyncExternalStore } from "react";
import { type Crumb, readBreadcrumb, subscribeToBreadcrumb } from "./breadcrumb-store";
import { sectionOf } from "./navigation";

/** Where am I. The path gives the section at once; the page names the rest. */
export function Breadcrumb() {
  const pathname = usePathname();
  const named = useSyncExternalStore(subscribeToBreadcrumb, readBreadcrumb, () => undefined);
  const section = sectionOf(pathname);
  const crumbs: readonly Crumb[] = named ?? (section === undefined ? [] : [{ label: section.label }]);
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 items-center gap-2">
        {crumbs.map((crumb, at) => {
          const isLast = at === crumbs.length - 1;
          return (
            <Fragment key={`${crumb.label} ${crumb.href ?? ""}`}>
              {at > 0 && (
                <li aria-hidden className="text-ink-3">
                  /
                </li>
              )}
              <li className={isLast ? "min-w-0 truncate font-[550]" : "shrink-0"}>
                {crumb.href !== undefined && !isLast ? (
                  <Link
                    href={crumb.href}
                    className="text-ink-2 hover:underline touch:inline-flex touch:min-h-11 touch:items-center"
                  >
                    {crumb.label}
                  </Link>
                ) : (
                  <span aria-current={isLast ? "page" : undefined}>{crumb.label}</span>
                )}
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}
