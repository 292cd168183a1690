import { useEffect, useEffectEvent, useRef } from "react";
import { placeInTrace, VIEW_PARAMS } from "../domain/trace-address";

/** Browsers refuse addresses that change too often; a walk through rows is one change. */
const ADDRESS_DELAY_MS = 250;

/** Beside what `trace-address` owns: what is selected. */
const OWNED = ["span", "row", "as", ...VIEW_PARAMS] as const;

/**
 * Keeps the address in step with the view, so that it can be given to a colleague. Another view, or another frame of the
 * flame, is a step of its own that Back undoes; what is selected, sought, folded and zoomed is written over.
 * `onReturn` is told the address when the reader goes back or forward within the trace.
 */
export function useViewAddress(view: [string, string][], onReturn: (params: URLSearchParams) => void): void {
  const text = new URLSearchParams(view).toString();
  const path = useRef<string | undefined>(undefined);
  const latest = useRef(text);
  const returned = useEffectEvent(() => {
    if (window.location.pathname === path.current) onReturn(new URLSearchParams(window.location.search));
  });
  // Outside system: the browser's history.
  useEffect(() => {
    path.current = window.location.pathname;
    window.addEventListener("popstate", returned);
    return () => window.removeEventListener("popstate", returned);
  }, []);
  // Outside system: the address bar.
  useEffect(() => {
    const before = latest.current;
    latest.current = text;
    if (isAnotherPlace(text)) {
      // What was not written yet belongs to the place that is left.
      write(before, "replace");
      write(text, "push");
      return;
    }
    const timer = setTimeout(() => {
      // Going back to another page changes the address before this one is gone.
      if (window.location.pathname === path.current) write(text, "replace");
    }, ADDRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
}

function isAnotherPlace(text: string): boolean {
  return placeInTrace(new URLSearchParams(text)) !== placeInTrace(new URLSearchParams(window.location.search));
}

function write(text: string, how: "push" | "replace"): void {
  const url = new URL(window.location.href);
  const before = url.search;
  for (const name of OWNED) url.searchParams.delete(name);
  for (const [name, value] of new URLSearchParams(text)) url.searchParams.append(name, value);
  if (url.search === before) return;
  if (how === "push") window.history.pushState(null, "", url);
  else window.history.replaceState(null, "", url);
}
