import type { FindingKind } from "@/features/traces/domain/diagnosis/finding";
import type { Fault, Injected } from "./trace-faults";
import { TraceRecorder } from "./trace-recorder";
import { type Conventions, TRACED_APPS, type TracedApp, type Where } from "./traced-apps";

export type Label = Where & { kind: FindingKind };
export type LabelledTrace = { recorder: TraceRecorder; app: TracedApp; variant: string; label: Label };
export function recordFault(
  fault: Fault,
  { app, conventions, seed }: { app: TracedApp; conventions: Conventions; seed: number },
): LabelledTrace {
  const recorder = new TraceRecorder(seed);
  let where: Injected;
  app.request(recorder, conventions, (calls) => {
    where = fault.trouble?.(calls);
  });
  where = fault.damage?.(recorder) ?? where;
  if (where === undefined) throw new Error(`${fault.kind} (${fault.variant}) named nobody`);
  return { recorder, app, variant: fault.variant, label: { kind: fault.kind, ...where } };
}

export function recordHealthy({
  app,
  conventions,
  seed,
}: {
  app: TracedApp;
  conventions: Conventions;
  seed: number;
}): TraceRecorder {
  const recorder = new TraceRecorder(seed);
  app.request(recorder, conventions);
  return recorder;
}

export const CONVENTIONS: readonly Conventions[] = ["old", "stable"];
export { TRACED_APPS };
