"use client";

import { type RefObject, useEffect, useState } from "react";

/** How far below the top of the page an element stands, in px; follows whatever grows above it. */
export function useTopOf(ref: RefObject<HTMLElement | null>): number {
  const [topPx, setTopPx] = useState(0);
  // Outside system: the layout of the page.
  useEffect(() => {
    const measure = () => {
      const box = ref.current?.getBoundingClientRect();
      if (box !== undefined) setTopPx(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [ref]);
  return topPx;
}
