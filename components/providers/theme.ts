"use client";

import { useSyncExternalStore } from "react";

const KEY = "ops-theme";
const CHANGED = "ops-theme-changed";
const DARK = "(prefers-color-scheme: dark)";

export type ThemeChoice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

/** What the person chose; "system" when nothing (or no storage). */
function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

const toTheme = (choice: ThemeChoice): Theme =>
  choice === "system" ? (matchMedia(DARK).matches ? "dark" : "light") : choice;

function applyChoice(): void {
  document.documentElement.dataset.theme = toTheme(readChoice());
}

/** Sets and remembers the theme of this browser; every open tab follows. */
export function setThemeChoice(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // A browser without storage keeps the theme until the page is left.
  }
  document.documentElement.dataset.theme = toTheme(choice);
  window.dispatchEvent(new Event(CHANGED));
}

/** The outside systems a theme depends on: other tabs (storage), this tab (our event), the operating system. */
function subscribe(listener: () => void): () => void {
  const handle = () => {
    applyChoice();
    listener();
  };
  const media = matchMedia(DARK);
  window.addEventListener("storage", handle);
  window.addEventListener(CHANGED, listener);
  media.addEventListener("change", handle);
  return () => {
    window.removeEventListener("storage", handle);
    window.removeEventListener(CHANGED, listener);
    media.removeEventListener("change", handle);
  };
}

/** The choice and the theme it means now. On the server: system, light. Charts on a canvas redraw when `theme` changes. */
export function useTheme(): { choice: ThemeChoice; theme: Theme; setChoice: (choice: ThemeChoice) => void } {
  const choice = useSyncExternalStore(subscribe, readChoice, () => "system" as const);
  const theme = useSyncExternalStore(
    subscribe,
    () => toTheme(readChoice()),
    () => "light" as const,
  );
  return { choice, theme, setChoice: setThemeChoice };
}
