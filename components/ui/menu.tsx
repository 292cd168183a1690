"use client";

import { Slot } from "radix-ui";
import { Suspense, useState } from "react";
import { lazyPart, preloadPart } from "./lazy-part";
import type { MenuProps } from "./menu-parts";

// 30 kB of positioning and focus keeping that the first load of a page can do without.
const loadParts = () => import("./menu-parts");
const OpenMenu = lazyPart(() => loadParts().then((parts) => parts.OpenMenu));

/** See `menu-parts.tsx` for the props of these. */
export const MenuItem = lazyPart(() => loadParts().then((parts) => parts.MenuItem));
export const MenuSeparator = lazyPart(() => loadParts().then((parts) => parts.MenuSeparator));
export const MenuHeading = lazyPart(() => loadParts().then((parts) => parts.MenuHeading));

/** A button that opens a list of actions. Children: `MenuItem`, `MenuSeparator`, `MenuHeading`. */
export function Menu(props: MenuProps) {
  const [isWanted, setIsWanted] = useState(false);
  // A failure is met again, and shown, when the menu opens.
  const preload = () => preloadPart(loadParts);
  const closed = (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={() => setIsWanted(true)}
    >
      {props.trigger}
    </Slot.Root>
  );
  if (!isWanted) return closed;
  return (
    <Suspense fallback={closed}>
      <OpenMenu {...props} />
    </Suspense>
  );
}
