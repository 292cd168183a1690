"use client";

import { type ReactNode, Suspense } from "react";
import { lazyPart, preloadPart } from "@/components/ui/lazy-part";
import type { TracePageProps } from "./verdict/trace-page";

const loadPage = () => import("./verdict/trace-page");
const loadView = () => import("./trace-view");
// Asked for at once: both come while the trace does. A failure is met again, and shown, when they are drawn.
preloadPart(loadPage);
preloadPart(loadView);
const LoadedTracePage = lazyPart(() => loadPage().then((module) => module.TracePage));

/** Everything about one trace; its code is not part of what the page needs to be seen. */
export function TracePage({ fallback, ...props }: TracePageProps & { fallback: ReactNode }) {
  return (
    <Suspense fallback={fallback}>
      <LoadedTracePage {...props} />
    </Suspense>
  );
}
