import { AppError } from "@/lib/errors";
import type { Viewer } from "@/server/auth/permissions";
import type { SampleStatus } from "../contract";
import { findSampleStatus, moveSample } from "./sample-data-repository";

export { SAMPLE_SERVICES } from "../domain/circuitverse";
export { SAMPLE_ATTRIBUTE } from "../domain/otlp";
export { type SamplePorts, sampleDataTask } from "./sample-data-task";

/** Whether sample data is there, comes or goes, and how far. */
export async function getSampleStatus(): Promise<SampleStatus> {
  return findSampleStatus();
}

/** Asks the worker to load sample data. Asking again while it loads or is there changes nothing. */
export async function loadSample(viewer: Viewer): Promise<SampleStatus> {
  await moveSample({
    from: ["absent", "failed"],
    to: "loading",
    detail: "Preparing an hour of requests",
    actor: viewer.name,
  });
  const status = await findSampleStatus();
  if (status.state === "removing")
    throw new AppError("conflict", "Sample data is being removed. Load it again when that is done.");
  return status;
}

/** Asks the worker to remove everything that is sample, and nothing else. */
export async function removeSample(viewer: Viewer): Promise<SampleStatus> {
  await moveSample({
    from: ["present", "failed", "loading"],
    to: "removing",
    detail: "Removing sample data",
    actor: viewer.name,
  });
  return findSampleStatus();
}
