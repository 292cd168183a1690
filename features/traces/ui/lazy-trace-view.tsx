"use client";

import { type ComponentProps, Suspense } from "react";
import { lazyPart } from "@/components/ui/lazy-part";
import type { TraceView as LoadedView } from "./trace-view";

const LoadedTraceView = lazyPart(() => import("./trace-view").then((module) => module.TraceView));

/** The views of a trace, whose code comes beside that of the page around them. */
export function TraceView(props: ComponentProps<typeof LoadedView>) {
  return (
    <Suspense fallback={props.waiting}>
      <LoadedTraceView {...props} />
    </Suspense>
  );
}
