"use client";

import { type ComponentProps, lazy, Suspense } from "react";
import { VerdictLoading } from "./verdict-loading";

/** Asked for at once: it comes while the findings do. */
const loading = import("./verdict-panel");
const LoadedVerdictPanel = lazy(() => loading.then((module) => ({ default: module.VerdictPanel })));

/** The verdict, whose code is not part of what the page needs to be seen. */
export function VerdictPanel(props: ComponentProps<typeof LoadedVerdictPanel>) {
  return (
    <Suspense fallback={<VerdictLoading />}>
      <LoadedVerdictPanel {...props} />
    </Suspense>
  );
}
