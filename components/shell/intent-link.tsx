"use client";

import Link from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link that is in sight on every page: what it leads to is loaded ahead when the reader points at it or focuses it. All of
 * them at once, as soon as they are seen, took the server and the browser's six connections from the page being opened.
 */
export function IntentLink(props: ComponentProps<typeof Link>) {
  const [isMeant, setIsMeant] = useState(false);
  const mean = () => setIsMeant(true);
  return <Link {...props} onFocus={mean} onPointerEnter={mean} prefetch={isMeant ? null : false} />;
}
