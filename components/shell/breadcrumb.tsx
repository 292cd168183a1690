"use client";

import { usePathname } from "next/navigation";
import { Fragment, useSyncExternalStore } from "react";
import { type Crumb, readBreadcrumb, subscribeToBreadcrumb } from "./breadcrumb-store";
import { IntentLink } from "./intent-link";
import { sectionOf } from "./navigation";

/** Where am I. The path gives the section at once; the page names the rest. */
export function Breadcrumb() {
  const pathname = usePathname();
  const named = useSyncExternalStore(subscribeToBreadcrumb, readBreadcrumb, () => undefined);
  const section = sectionOf(pathname);
  const crumbs: readonly Crumb[] = named ?? (section === undefined ? [] : [{ label: section.label }]);
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 shrink">
      <ol className="flex min-w-0 items-center gap-2">
        {crumbs.map((crumb, at) => {
          const isLast = at === crumbs.length - 1;
          return (
            <Fragment key={`${crumb.label} ${crumb.href ?? ""}`}>
              {at > 0 && (
                <li aria-hidden className={at === 1 ? "text-ink-3" : "text-ink-3 max-phone:hidden"}>
                  /
                </li>
              )}
              <li className={crumbClass(at, crumbs.length)} title={at > 0 ? crumb.label : undefined}>
                {crumb.href !== undefined && !isLast ? (
                  <IntentLink
                    href={crumb.href}
                    className="text-ink-2 hover:underline touch:inline-flex touch:min-h-11 touch:items-center"
                  >
                    {crumb.label}
                  </IntentLink>
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

/** The section stays whole, names in the middle give way first, and on a phone only the section and this page stand. */
function crumbClass(at: number, count: number): string {
  if (at === 0) return count === 1 ? "min-w-0 truncate font-[550]" : "shrink-0";
  return at === count - 1
    ? "min-w-0 max-w-[60ch] truncate font-[550]"
    : "min-w-0 max-w-[36ch] truncate max-phone:hidden";
}
