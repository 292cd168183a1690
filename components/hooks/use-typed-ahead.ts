"use client";

import { useEffect, useEffectEvent, useRef } from "react";

/**
 * Keeps what is typed between opening something and its field being there, while its code is still on the way. `start`
 * begins, with what was typed already, `take` gives the text and ends; Escape meanwhile gives up.
 */
export function useTypedAhead(onGiveUp: () => void) {
  const typed = useRef<string | undefined>(undefined);
  const handleKey = useEffectEvent((event: KeyboardEvent) => {
    if (typed.current === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "Escape") {
      typed.current = undefined;
      onGiveUp();
    } else if (event.key === "Backspace") typed.current = typed.current.slice(0, -1);
    else if (event.key.length === 1) typed.current += event.key;
    else if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Outside system: the keyboard, before any shortcut hears it.
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handleKey(event);
    document.addEventListener("keydown", listener, true);
    return () => document.removeEventListener("keydown", listener, true);
  }, []);
  return {
    start: (already = "") => {
      typed.current = already;
    },
    take: (): string => {
      const text = typed.current ?? "";
      typed.current = undefined;
      return text;
    },
  };
}
