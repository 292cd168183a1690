"use client";

import type { Trace } from "../../queries";
import { TraceHeader } from "../trace-header";
import { TraceView } from "../trace-view";
import { useTraceViews } from "./use-trace-views";
import { ViewSwitch } from "./view-switch";

/** Everything about one trace: what it is, why it took its time, and its spans in the view that the address names. */
export function TracePage({ trace }: { trace: Trace }) {
  const { view, setView } = useTraceViews();
  const viewSwitch = <ViewSwitch onChange={setView} spanCount={trace.skeleton.spanCount} view={view} />;
  return (
    <>
      <TraceHeader trace={trace} />
      <TraceView toolbarStart={viewSwitch} trace={trace} />
    </>
  );
}
