"use client";

import { Slot } from "radix-ui";
import { lazy, Suspense, useState } from "react";
import type { MenuProps } from "./menu-parts";

// 30 kB of positioning and focus keeping that the first load of a page can do without.
const loadParts = () => import("./menu-parts");
const OpenMenu = lazy(() => loadParts().then((parts) => ({ default: parts.OpenMenu })));

/** See `menu-parts.tsx` for the props of these. */
export const MenuItem = lazy(() => loadParts().then((parts) => ({ default: parts.MenuItem })));
export const MenuSeparator = lazy(() => loadParts().then((parts) => ({ default: parts.MenuSeparator })));
export const MenuHeading = lazy(() => loadParts().then((parts) => ({ default: parts.MenuHeading })));

/** A button that opens a list of actions. Children: `MenuItem`, `MenuSeparator`, `MenuHeading`. */
export function Menu(props: MenuProps) {
  const [isWanted, setIsWanted] = useState(false);
  const preload = () => void loadParts();
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
