"use client";

import { useSyncExternalStore } from "react";

/** Whether a media query holds now; false on the server and in the first paint. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** A phone's width, where rows are taller and the drawer is a sheet. Same number as the `phone` breakpoint. */
export const PHONE = "(width < 47.5625rem)";
