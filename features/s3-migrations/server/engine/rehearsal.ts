import { randomUUID } from "node:crypto";
import PQueue from "p-queue";
import type { MeasuredPace, Range } from "../../domain/plan-forecast";
import type { ListedObject, SourceStore } from "../stores/object-store";
import type { S3Destination } from "../stores/s3-destination";
import { sumsOf } from "../stores/sums-of";

const SMALL_OBJECTS = 96;
const SMALL_MAX_BYTES = 1024 * 1024;
const LARGE_OBJECTS = 3;
const LARGE_MAX_BYTES = 16 * 1024 * 1024;
/** Below this many nothing is measured but chance. */
const MIN_OBJECTS = 8;
const BATCHES = 4;
const BUDGET_MS = 8000;

type Rehearsal = {
  source: SourceStore;
  destination: S3Destination;
  sample: readonly ListedObject[];
  concurrency: number;
  signal: AbortSignal;
};

/**
 * Copies a few of the listed objects to keys of the probe, asks for each, and removes them: how fast this worker, this
 * source and this destination are together. `undefined` when there are too few objects to tell.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<MeasuredPace | undefined> {
  const { sample, destination, concurrency } = rehearsal;
  const small = sample.filter(({ sizeBytes }) => sizeBytes <= SMALL_MAX_BYTES).slice(0, SMALL_OBJECTS);
  if (small.length < MIN_OBJECTS) return undefined;
  const large = sample
    .filter(({ sizeBytes }) => sizeBytes > SMALL_MAX_BYTES && sizeBytes <= LARGE_MAX_BYTES)
    .slice(0, LARGE_OBJECTS);
  const signal = AbortSignal.any([rehearsal.signal, AbortSignal.timeout(BUDGET_MS)]);
  const prefix = `_ops-console-probe/${randomUUID()}/`;
  const written: string[] = [];
  const copy = async (object: ListedObject, at: number) => {
    const key = `${prefix}${object.sizeBytes}-${at}`;
    const { body } = await rehearsal.source.read(object.key, { fingerprint: object.fingerprint, signal });
    written.push(key);
    await destination.probePut(key, body, { "x-amz-checksum-crc32": sumsOf(body).crc32 }, signal);
  };
  try {
    const objectsPerSecond = await inBatches(small, concurrency, copy);
    const bytesPerSecond = large.length === 0 ? null : await bytesPace(large, copy);
    const verifiesPerSecond = await inBatches([...written], concurrency, async (key) => {
      await destination.head(key, signal);
    });
    const { quick, slow } = objectsPerSecond;
    const pace = slow === quick ? `${shown(slow)} objects/s` : `${shown(slow)} to ${shown(quick)} objects/s`;
    const sentence = `Rehearsed with ${small.length + large.length} of your objects, ${concurrency} at a time by one worker: ${pace}.`;
    return { kind: "rehearsal", objectsPerSecond, bytesPerSecond, verifiesPerSecond, sentence };
  } finally {
    await removeAll(destination, written, concurrency);
  }
}

/** Four batches, one after the other: the slowest and the quickest of them are the range. */
async function inBatches<T>(
  items: readonly T[],
  concurrency: number,
  act: (item: T, at: number) => Promise<void>,
): Promise<Range> {
  const size = Math.ceil(items.length / BATCHES);
  const rates: number[] = [];
  for (let start = 0; start < items.length; start += size) {
    const batch = items.slice(start, start + size);
    const queue = new PQueue({ concurrency });
    const startedMs = performance.now();
    await Promise.all(batch.map((item, at) => queue.add(() => act(item, start + at))));
    rates.push((batch.length * 1000) / Math.max(1, performance.now() - startedMs));
  }
  return { quick: Math.max(...rates), slow: Math.min(...rates) };
}

/** Large objects one after the other: bandwidth, not latency, is what they tell. */
async function bytesPace(
  large: readonly ListedObject[],
  copy: (object: ListedObject, at: number) => Promise<void>,
): Promise<Range> {
  const rates: number[] = [];
  for (const [at, object] of large.entries()) {
    const startedMs = performance.now();
    await copy(object, at);
    rates.push((object.sizeBytes * 1000) / Math.max(1, performance.now() - startedMs));
  }
  return { quick: Math.max(...rates), slow: Math.min(...rates) };
}

async function removeAll(destination: S3Destination, keys: readonly string[], concurrency: number): Promise<void> {
  // Not under the caller's signal: what was written is removed also when the rehearsal was broken off. What cannot be
  // removed now is a few bytes under the prefix of probes.
  const signal = AbortSignal.timeout(5000);
  const queue = new PQueue({ concurrency });
  await Promise.all(keys.map((key) => queue.add(() => destination.deleteProbe(key, signal).catch(() => {}))));
}

const shown = (rate: number): string => String(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));
