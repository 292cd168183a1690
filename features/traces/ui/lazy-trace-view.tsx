"use client";

import { type ComponentProps, Suspense } from "react";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import type { TraceView as LoadedView } from "./trace-view";

const LoadedTraceView = lazyPart(() => import("./trace-view").then((module) => module.TraceView));

/** The views of a trace, whose code comes beside that of the page around them. */
export function TraceView(props: ComponentProps<typeof LoadedView>) {
  const fallback = (
    <Card aria-busy aria-label="Waterfall">
      <LoadingRows rowHeightPx={24} rows={20} />
    </Card>
  );
  return (
    <Suspense fallback={fallback}>
      <LoadedTraceView {...props} />
    </Suspense>
  );
}
