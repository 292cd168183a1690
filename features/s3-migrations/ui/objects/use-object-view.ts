"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { withSearch } from "@/lib/routes";
import { type ObjectView, parseObjectView, printObjectView } from "../../domain/object-view";

/** The explorer as the address has it, and the one way to change it. Nothing on the server depends on it. */
export function useObjectView() {
  const pathname = usePathname();
  const params = useSearchParams();
  const view = useMemo(() => parseObjectView(params), [params]);
  const addressOf = (changes: Partial<ObjectView>) => {
    const next = new URLSearchParams(window.location.search);
    const written = printObjectView({ ...parseObjectView(next), ...changes });
    for (const [name, value] of Object.entries(written)) {
      if (value === "") next.delete(name);
      else next.set(name, value);
    }
    return withSearch(pathname, next);
  };
  /** Another filter closes what is open: it may not be in the list any more. */
  const change = (changes: Partial<ObjectView>, how: "push" | "replace" = "push") => {
    const address = addressOf("object" in changes ? changes : { ...changes, object: undefined });
    if (how === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  };
  return { view, change };
}
