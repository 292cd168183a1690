"use client";

import { useEffect, useState } from "react";
import type { TraceSkeleton } from "../domain/trace-skeleton";
import { computeTracePlan, type TracePlan } from "../domain/waterfall/trace-plan";

/** Up to this many spans a plan takes a few milliseconds: less than handing the columns to a worker and back. */
const MAX_HERE = 2_000;

type Planned<T> = { trace: T; plan: TracePlan };

/**
 * A trace with its plan, made off the main thread when the trace is big. Undefined until the first plan is there; while
 * a later version of the trace is planned, the one before it stays.
 */
export function usePlannedTrace<T extends { skeleton: TraceSkeleton }>(trace: T): Planned<T> | undefined {
  const [planned, setPlanned] = useState<Planned<T> | undefined>(() => planHere(trace));
  const isCurrent = planned?.trace === trace;
  if (!isCurrent && trace.skeleton.spanCount <= MAX_HERE) setPlanned(planHere(trace));
  // Outside system: the worker.
  useEffect(() => {
    if (isCurrent || trace.skeleton.spanCount <= MAX_HERE) return;
    return planElsewhere(trace.skeleton, (plan) => setPlanned({ trace, plan }));
  }, [trace, isCurrent]);
  return planned;
}

function planHere<T extends { skeleton: TraceSkeleton }>(trace: T): Planned<T> | undefined {
  return trace.skeleton.spanCount <= MAX_HERE ? { trace, plan: computeTracePlan(trace.skeleton) } : undefined;
}

/** Asks a worker; where the browser refuses one, the plan is made here after all. Returns how to give up. */
function planElsewhere(skeleton: TraceSkeleton, onPlan: (plan: TracePlan) => void): () => void {
  const worker = startWorker();
  if (worker === undefined) {
    const timer = setTimeout(() => onPlan(computeTracePlan(skeleton)));
    return () => clearTimeout(timer);
  }
  worker.onmessage = ({ data }: MessageEvent<TracePlan>) => {
    worker.terminate();
    onPlan(data);
  };
  worker.onerror = () => {
    worker.terminate();
    onPlan(computeTracePlan(skeleton));
  };
  worker.postMessage(skeleton);
  return () => worker.terminate();
}

function startWorker(): Worker | undefined {
  try {
    return new Worker(new URL("./trace-plan-worker.ts", import.meta.url), { type: "module" });
  } catch {
    return undefined;
  }
}
