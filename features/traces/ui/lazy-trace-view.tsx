"use client";

import { type ComponentProps, lazy, Suspense } from "react";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";

/** Asked for at once: it comes while the trace does, and the page itself is there before both. */
const loading = import("./trace-view");
const LoadedTraceView = lazy(() => loading.then((module) => ({ default: module.TraceView })));

/** The waterfall, whose code is not part of what the page needs to be seen. */
export function TraceView(props: ComponentProps<typeof LoadedTraceView>) {
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
