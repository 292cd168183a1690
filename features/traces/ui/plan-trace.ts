import type { TraceSkeleton } from "../domain/trace-skeleton";
import type { TracePlan } from "../domain/waterfall/trace-plan";

/** Up to this many spans a plan takes a few milliseconds: less than handing the columns to a worker and back. */
export const MAX_PLANNED_HERE = 2_000;

const plans = new WeakMap<TraceSkeleton, Promise<TracePlan>>();

/**
 * The plan of a big trace, made once and off the main thread; where the browser refuses a worker, it is made here after
 * all. The page asks as soon as the columns are there, so that it is made while the code that draws it comes.
 */
export function planTrace(skeleton: TraceSkeleton): Promise<TracePlan> {
  const known = plans.get(skeleton);
  if (known !== undefined) return known;
  const plan = planElsewhere(skeleton).catch(() => planHere(skeleton));
  plans.set(skeleton, plan);
  return plan;
}

async function planHere(skeleton: TraceSkeleton): Promise<TracePlan> {
  const { computeTracePlan } = await import("../domain/waterfall/trace-plan");
  return computeTracePlan(skeleton);
}

function planElsewhere(skeleton: TraceSkeleton): Promise<TracePlan> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./trace-plan-worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<TracePlan>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = () => {
      worker.terminate();
      reject(new Error("The browser's worker did not start."));
    };
    worker.postMessage(skeleton);
  });
}
