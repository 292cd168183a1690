"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";

/**
 * One parameter of the address, and the way to change it; "" takes it away. Another view is pushed, so that Back undoes
 * it; what narrows or sorts the same one is written over.
 */
export function useSearchValue(
  name: string,
  how: "push" | "replace" = "replace",
): [value: string, change: (value: string) => void] {
  const params = useSearchParams();
  const change = (value: string) => {
    const next = new URLSearchParams(window.location.search);
    if (value === "") next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    const address = `${window.location.pathname}${text === "" ? "" : `?${text}`}`;
    if (address === `${window.location.pathname}${window.location.search}`) return;
    if (how === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  };
  return [params.get(name) ?? "", change];
}

/**
 * The same for what is typed: shown at once, however late the address is read back, and what the address says again
 * after Back and Forward.
 */
export function useTypedSearchValue(name: string): [value: string, change: (value: string) => void] {
  const [kept, keep] = useSearchValue(name);
  const [typed, setTyped] = useState(kept);
  // Outside system: the browser's history.
  useEffect(() => {
    const handleReturn = () => setTyped(new URLSearchParams(window.location.search).get(name) ?? "");
    window.addEventListener("popstate", handleReturn);
    return () => window.removeEventListener("popstate", handleReturn);
  }, [name]);
  const change = (value: string) => {
    setTyped(value);
    keep(value);
  };
  return [typed, change];
}
