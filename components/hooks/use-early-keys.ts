"use client";

import { useEffect, useEffectEvent } from "react";
import { takeEarlyKeys } from "@/components/providers/early-keys";

/** Calls once the page is ready, if the palette's key was pressed before that, with what was typed after it. */
export function useEarlyKeys(onPressed: (text: string) => void): void {
  const open = useEffectEvent(onPressed);
  // Outside system: the keyboard, which a script in the head of the page heard until now.
  useEffect(() => {
    const text = takeEarlyKeys();
    if (text !== undefined) open(text);
  }, []);
}
