import type { TraceSkeleton } from "../domain/trace-skeleton";
import { buffersOf, computeTracePlan } from "../domain/waterfall/trace-plan";

/*
 * Runs in a Web Worker: a trace's columns come in, its plan goes back. Types of the page's window stand for the worker's
 * own, which differ in nothing used here.
 */
self.onmessage = ({ data }: MessageEvent<TraceSkeleton>) => {
  const plan = computeTracePlan(data);
  self.postMessage(plan, { transfer: buffersOf(plan) });
};
