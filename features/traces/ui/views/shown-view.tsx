"use client";

import { Suspense } from "react";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import { WaterfallCard } from "../waterfall-card";
import type { ViewProps } from "./view-props";

// A chunk each: who reads the waterfall does not wait for the others.
const FlameView = lazyPart(() => import("./flame-view").then((module) => module.FlameView));
const OperationsView = lazyPart(() => import("./operations-view").then((module) => module.OperationsView));
const RawView = lazyPart(() => import("./raw-view").then((module) => module.RawView));
const SpansView = lazyPart(() => import("./spans-view").then((module) => module.SpansView));

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
