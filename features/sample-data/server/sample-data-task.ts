import fs from "node:fs/promises";
import path from "node:path";
import { messageOf } from "@/lib/errors";
import type { WorkerTask } from "@/server/jobs/worker-task";
import { log } from "@/server/log/log";
import { Outage } from "@/server/log/outage";
import { subscribe } from "@/server/realtime/listen";
import type { SampleState } from "../contract";
import { sampleHour } from "../domain/sample-hour";
import { writePreviewFiles } from "./preview-files";
import { findSampleStatus, moveSample, SAMPLE_TOPIC } from "./sample-data-repository";
import { sendSampleTraces } from "./send-sample-traces";

const SEED = 20_261_122;
const FULL_SIZE: SampleSize = { traceCount: 1200, imageCount: 4000 };
const POLL_MS = 10_000;

/**
 * What the sample needs of the rest of the product, passed in by the worker's entry: features do not know each other.
 * Every `remove*` may be called when there is nothing to remove.
 */
export type SamplePorts = {
  dataDir: string;
  /** Where spans go; `undefined` when traces are read from somebody's own Jaeger, which gets no sample data. */
  otlpEndpoint: string | undefined;
  removeTraces: () => Promise<void>;
  /** Serves the sample bucket while sample data is there. Resolves when it answers; ends on abort. */
  serveBucket: (dir: string, signal: AbortSignal) => Promise<{ endpoint: string }>;
  startS3Migration: (options: { sourceDir: string; endpoint: string }) => Promise<void>;
  removeS3Migrations: () => Promise<void>;
};

type SampleSize = { traceCount: number; imageCount: number };

/** Loads and removes sample data when asked through `sample_data`; continues after a restart where the row says. */
export function sampleDataTask(ports: SamplePorts, size: SampleSize = FULL_SIZE): WorkerTask {
  return { name: "sample-data", run: (signal) => runSampleData(ports, size, signal) };
}

async function runSampleData(ports: SamplePorts, size: SampleSize, signal: AbortSignal): Promise<void> {
  let bucket: { stop: AbortController; endpoint: string } | undefined;
  const openBucket = async (): Promise<string> => {
    if (bucket !== undefined) return bucket.endpoint;
    const stop = new AbortController();
    const { endpoint } = await ports.serveBucket(
      path.join(sampleDir(ports), "bucket"),
      AbortSignal.any([signal, stop.signal]),
    );
    bucket = { stop, endpoint };
    return endpoint;
  };
  const closeBucket = (): void => {
    bucket?.stop.abort();
    bucket = undefined;
  };
  for await (const state of sampleStates(signal)) {
    try {
      if (state === "loading") await load(ports, { ...size, openBucket, closeBucket, signal });
      else if (state === "removing") {
        closeBucket();
        await remove(ports);
      } else if (state === "present" || state === "failed") await openBucket();
    } catch (error) {
      if (signal.aborted) return;
      log().error({ err: error, state }, "sample data");
      await moveSample({ from: [state], to: "failed", detail: messageOf(error) });
    }
  }
}

type Load = SampleSize & { openBucket: () => Promise<string>; closeBucket: () => void; signal: AbortSignal };

async function load(
  ports: SamplePorts,
  { traceCount, imageCount, openBucket, closeBucket, signal }: Load,
): Promise<void> {
  // A load that was cut short starts from nothing, so that no trace is there twice.
  closeBucket();
  await removeParts(ports);
  const sent = await sendTraces(ports, traceCount, signal);
  const sourceDir = path.join(sampleDir(ports), "uploads");
  await writePreviewFiles({ dir: sourceDir, count: imageCount, seed: SEED, signal });
  await ports.startS3Migration({ sourceDir, endpoint: await openBucket() });
  const traces =
    sent === undefined
      ? "no traces, since JAEGER_URL names your own Jaeger"
      : `${sent.toLocaleString("en-US")} spans of ${traceCount.toLocaleString("en-US")} requests`;
  await moveSample({
    from: ["loading"],
    to: "present",
    detail: `${traces}, ${imageCount.toLocaleString("en-US")} preview images on their way to S3`,
  });
}

async function sendTraces(
  { otlpEndpoint }: SamplePorts,
  traceCount: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (otlpEndpoint === undefined) return undefined;
  const traces = sampleHour({ seed: SEED, endUnixUs: Date.now() * 1000, traceCount });
  return sendSampleTraces({ endpoint: otlpEndpoint, traces, signal });
}

async function remove(ports: SamplePorts): Promise<void> {
  await removeParts(ports);
  await moveSample({ from: ["removing"], to: "absent", detail: "" });
}

async function removeParts(ports: SamplePorts): Promise<void> {
  await ports.removeS3Migrations();
  if (ports.otlpEndpoint !== undefined) await ports.removeTraces();
  await fs.rm(sampleDir(ports), { recursive: true, force: true });
}

function sampleDir({ dataDir }: SamplePorts): string {
  return path.join(dataDir, "sample");
}

/** Yields the state at the start, after every hint, and every few seconds in case a hint was lost. */
async function* sampleStates(signal: AbortSignal): AsyncGenerator<SampleState> {
  const outage = new Outage("the state of the sample data cannot be read");
  let wake = (): void => {};
  const unsubscribe = subscribe(SAMPLE_TOPIC, () => wake());
  signal.addEventListener("abort", () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      const hinted = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const state = await findSampleStatus().then(
        (status) => {
          outage.over();
          return status.state;
        },
        (error: unknown) => {
          outage.note(error);
          return undefined;
        },
      );
      if (state !== undefined) yield state;
      await hinted;
    }
  } finally {
    unsubscribe();
  }
}
