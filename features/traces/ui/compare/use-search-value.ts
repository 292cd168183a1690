"use client";

import { useSearchParams } from "next/navigation";

/** One parameter of the address, and the way to change it without a step in the history; "" takes it away. */
export function useSearchValue(name: string): [value: string, change: (value: string) => void] {
  const params = useSearchParams();
  const change = (value: string) => {
    const next = new URLSearchParams(window.location.search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    window.history.replaceState(null, "", `${window.location.pathname}${text === "" ? "" : `?${text}`}`);
  };
  return [params.get(name) ?? "", change];
}
