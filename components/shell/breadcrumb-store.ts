import type { Route } from "next";

export type Crumb = { label: string; href?: Route | undefined };

let current: readonly Crumb[] | undefined;
const listeners = new Set<() => void>();

/** Names where the reader is, deeper than the path says; the top bar shows it. Returns the way back. */
export function showBreadcrumb(crumbs: readonly Crumb[]): () => void {
  setCurrent(crumbs);
  return () => {
    if (current === crumbs) setCurrent(undefined);
  };
}

export function subscribeToBreadcrumb(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const readBreadcrumb = (): readonly Crumb[] | undefined => current;

function setCurrent(crumbs: readonly Crumb[] | undefined): void {
  current = crumbs;
  for (const listener of listeners) listener();
}
