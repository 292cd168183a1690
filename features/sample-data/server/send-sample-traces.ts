import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { type PlacedTrace, toOtlpRequest } from "../domain/otlp";

const TRACES_PER_REQUEST = 50;
const TIMEOUT_MS = 10_000;
const MAX_TRIES = 10;
const replySchema = z.object({ partialSuccess: z.object({ rejectedSpans: z.coerce.number().default(0) }).optional() });

/**
 * Sends traces through the same OTLP door every application uses; returns the spans accepted. "Slow down" (429, 503) is
 * obeyed and tried again.
 */
export async function sendSampleTraces({
  endpoint,
  traces,
  signal,
}: {
  endpoint: string;
  traces: Iterable<PlacedTrace>;
  signal: AbortSignal;
}): Promise<number> {
  let accepted = 0;
  for (const batch of batches(traces, TRACES_PER_REQUEST)) {
    const rejected = await post(`${endpoint}/v1/traces`, JSON.stringify(toOtlpRequest(batch)), signal);
    accepted += batch.reduce((sum, { trace }) => sum + trace.spans.length, 0) - rejected;
  }
  return accepted;
}

async function post(url: string, body: string, signal: AbortSignal): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (response.ok) return replySchema.parse(await response.json()).partialSuccess?.rejectedSpans ?? 0;
    await response.body?.cancel();
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || attempt === MAX_TRIES) {
      throw new AppError("upstream_refused", `The trace collector answered ${response.status} to the sample traces.`);
    }
    await delay(Math.min(Number(response.headers.get("retry-after") ?? 1), 5) * 1000, undefined, { signal });
  }
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
