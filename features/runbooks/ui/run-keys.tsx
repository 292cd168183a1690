"use client";

import { useEffect } from "react";
import { Kbd } from "@/components/ui/kbd";

/** j and k move between steps, space ticks (the browser's own way with a focused box), enter unfolds. */
export function RunKeys() {
  // Outside system: the keyboard, wherever the focus is on this page.
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      const isShortcut = event.ctrlKey || event.metaKey || event.altKey;
      if (!isShortcut && !isWriting(event.target) && handlePlainKey(event.key)) event.preventDefault();
    };
    document.addEventListener("keydown", handleKey);
    return () => document.removeEventListener("keydown", handleKey);
  }, []);
  return (
    <p className="no-print mt-4 flex flex-wrap gap-x-4 gap-y-1 border-t border-line pt-3 text-sm text-ink-3 max-phone:hidden">
      <span>
        <Kbd>j</Kbd> <Kbd>k</Kbd> next and previous step
      </span>
      <span>
        <Kbd>space</Kbd> tick
      </span>
      <span>
        <Kbd>enter</Kbd> unfold
      </span>
    </p>
  );
}

/** True when the key meant something here. */
function handlePlainKey(key: string): boolean {
  const box = document.activeElement;
  if (key === "j" || key === "k") moveFocus(key === "j" ? 1 : -1);
  else if (key === "Enter" && box?.matches("[data-tick]")) unfold(box);
  else return false;
  return true;
}

function moveFocus(by: 1 | -1): void {
  const boxes = [...document.querySelectorAll<HTMLElement>("[data-tick]")].filter((box) => box.offsetParent !== null);
  const at = boxes.findIndex((box) => box.matches(":focus"));
  const current = boxes.findIndex((box) => box.matches("[data-current]"));
  const next = at < 0 ? Math.max(0, current) : at + by;
  boxes[Math.min(boxes.length - 1, Math.max(0, next))]?.focus();
}

function unfold(box: Element): void {
  box.closest("[data-step]")?.querySelector<HTMLElement>("[data-unfold]")?.click();
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
