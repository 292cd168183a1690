"use client";

import { useEffect, useState } from "react";
import type { TraceSkeleton } from "../domain/trace-skeleton";
import { computeTracePlan, type TracePlan } from "../domain/waterfall/trace-plan";
import { MAX_PLANNED_HERE, planTrace } from "./plan-trace";

type Planned<T> = { trace: T; plan: TracePlan };

/**
 * A trace with its plan, made off the main thread when the trace is big. Undefined until the first plan is there; while
 * a later version of the trace is planned, the one before it stays.
 */
export function usePlannedTrace<T extends { skeleton: TraceSkeleton }>(trace: T): Planned<T> | undefined {
  const [planned, setPlanned] = useState<Planned<T> | undefined>(() => planHere(trace));
  const isCurrent = planned?.trace === trace;
  if (!isCurrent && trace.skeleton.spanCount <= MAX_PLANNED_HERE) setPlanned(planHere(trace));
  // Outside system: the worker.
  useEffect(() => {
    if (isCurrent || trace.skeleton.spanCount <= MAX_PLANNED_HERE) return;
    let isWanted = true;
    void planTrace(trace.skeleton).then((plan) => {
      if (isWanted) setPlanned({ trace, plan });
    });
    return () => {
      isWanted = false;
    };
  }, [trace, isCurrent]);
  return planned;
}

function planHere<T extends { skeleton: TraceSkeleton }>(trace: T): Planned<T> | undefined {
  return trace.skeleton.spanCount <= MAX_PLANNED_HERE ? { trace, plan: computeTracePlan(trace.skeleton) } : undefined;
}
