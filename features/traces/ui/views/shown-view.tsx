"use client";

import { lazy, Suspense } from "react";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { WaterfallCard } from "../waterfall-card";
import type { ViewProps } from "./view-props";

// A chunk each: who reads the waterfall does not wait for the others.
const FlameView = lazy(() => import("./flame-view").then((module) => ({ default: module.FlameView })));
const OperationsView = lazy(() => import("./operations-view").then((module) => ({ default: module.OperationsView })));
const RawView = lazy(() => import("./raw-view").then((module) => ({ default: module.RawView })));
const SpansView = lazy(() => import("./spans-view").then((module) => ({ default: module.SpansView })));

/** The view the reader chose. */
export function ShownView(props: ViewProps) {
  if (props.state.viewName === "waterfall") return <WaterfallCard {...props} />;
  const fallback = (
    <Card aria-busy aria-label="Loading">
      <LoadingRows rowHeightPx={28} rows={12} />
    </Card>
  );
  return (
    <Suspense fallback={fallback}>
      <ChosenView {...props} />
    </Suspense>
  );
}

function ChosenView(props: ViewProps) {
  const { viewName } = props.state;
  if (viewName === "flame") return <FlameView {...props} />;
  if (viewName === "raw") return <RawView {...props} />;
  return viewName === "operations" ? <OperationsView {...props} /> : <SpansView {...props} />;
}
