"use client";

import { useEffect, useState } from "react";

export type ElementSize = { widthPx: number; heightPx: number };

/** The size of an element's content, undefined before the first layout. */
export function useElementSize(ref: { current: HTMLElement | null }): ElementSize | undefined {
  const [size, setSize] = useState<ElementSize | undefined>(undefined);
  // Outside system: the layout of the page.
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ widthPx: entry.contentRect.width, heightPx: entry.contentRect.height });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
