"use client";

import { useEffect, useEffectEvent } from "react";

const SEQUENCE_MS = 1200;
const TYPING = "input, textarea, select, [contenteditable=true], [role=textbox]";

/** "?", "mod+k" (⌘ or Ctrl), or two keys in a row: "g t". */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Keyboard shortcuts of a page; silent while somebody types, and while a dialog or menu is open (except `mod+`). */
export function useShortcuts(shortcuts: Shortcuts): void {
  const run = useEffectEvent((name: string): boolean => {
    const action = shortcuts[name];
    action?.();
    return action !== undefined;
  });
  // Outside system: the keyboard.
  useEffect(() => {
    const keys = new KeySequence(run);
    const handleKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && !event.altKey && keys.press(event)) event.preventDefault();
    };
    document.addEventListener("keydown", handleKey);
    return () => document.removeEventListener("keydown", handleKey);
  }, []);
}

function isBusy(target: EventTarget | null): boolean {
  if (target instanceof Element && target.closest(TYPING) !== null) return true;
  return document.querySelector("[role=dialog][data-state=open], [role=menu][data-state=open]") !== null;
}

class KeySequence {
  readonly #run: (name: string) => boolean;
  #last: { key: string; atMs: number } | undefined;

  constructor(run: (name: string) => boolean) {
    this.#run = run;
  }

  /** Whether the key, alone or after the one before it, meant something. */
  press({ key, timeStamp, metaKey, ctrlKey, shiftKey, target }: KeyboardEvent): boolean {
    if (metaKey || ctrlKey) return !shiftKey && this.#run(`mod+${key.toLowerCase()}`);
    if (isBusy(target)) return false;
    const last = this.#last;
    const isSequence = last !== undefined && timeStamp - last.atMs < SEQUENCE_MS;
    const isUsed = (isSequence && this.#run(`${last.key} ${key}`)) || this.#run(key);
    this.#last = isUsed ? undefined : { key, atMs: timeStamp };
    return isUsed;
  }
}
