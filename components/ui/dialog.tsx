"use client";

import { Slot } from "radix-ui";
import { Suspense, useEffect, useState } from "react";
import type { DialogProps } from "./dialog-parts";
import { lazyPart, preloadPart } from "./lazy-part";

// 13 kB of focus keeping and scroll locking that the first load of a page can do without.
const loadParts = () => import("./dialog-parts");
/** A failure is met again, and shown, when the dialog opens. */
const preload = () => preloadPart(loadParts);
const PRELOAD_AFTER_MS = 2000;
const OpenDialog = lazyPart(() => loadParts().then((parts) => parts.OpenDialog));

/** Closes the dialog it stands in; with `asChild`, its one child does. */
export const DialogClose = lazyPart(() => loadParts().then((parts) => parts.DialogClose));

/** A modal dialog: focus is kept inside, Escape closes, focus returns. A sheet from below on a phone. */
export function Dialog(props: DialogProps) {
  const [wasOpened, setWasOpened] = useState(false);
  if (props.open && !wasOpened) setWasOpened(true);
  // Outside system: the network, which may be gone when the dialog is wanted. The first paint comes before it.
  useEffect(() => {
    const timer = setTimeout(preload, PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const closed = props.trigger !== undefined && (
    <Slot.Root
      aria-haspopup="dialog"
      aria-expanded={false}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={() => props.onOpenChange(true)}
    >
      {props.trigger}
    </Slot.Root>
  );
  if (!props.open && !wasOpened) return closed;
  return (
    <Suspense fallback={closed}>
      <OpenDialog {...props} />
    </Suspense>
  );
}
