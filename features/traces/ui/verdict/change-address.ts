/** Sets or takes out parameters of the address without loading anything. */
export function changeAddress(changes: Record<string, string | undefined>, how: "push" | "replace" = "push"): void {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (url.href === window.location.href) return;
  if (how === "push") window.history.pushState(null, "", url);
  else window.history.replaceState(null, "", url);
}
