import type { PreflightReply } from "../../contract";
import type { ListedObject, SourceStore } from "../stores/object-store";
import { plannedListing } from "../stores/planned-listing";
import type { S3Destination } from "../stores/s3-destination";
import { toStoreError } from "../stores/store-error";
import { failedCheck, type PreflightCheck } from "./preflight-checks";

/** Enough for totals that are true for most; beyond it the survey says that it stopped. */
const MAX_OBJECTS = 200_000;
const LIST_BUDGET_MS = 12_000;
const EXAMPLES = 5;
/** Objects read in full to see that they can be. */
const READ_SAMPLE = 25;
const READ_MAX_BYTES = 4 * 1024 * 1024;
/** Keys asked for at the destination, spread over the listing. */
const COLLISION_SAMPLE = 200;

type Example = { key: string; sizeBytes: number };
type Survey = Pick<PreflightReply, "collisions" | "keyProblems"> & {
  inventory: Omit<PreflightReply["inventory"], "examples"> & { examples: Example[] };
};
type Options = {
  source: SourceStore | undefined;
  destination: S3Destination | undefined;
  /** Of the destination. */
  prefix: string;
  signal: AbortSignal;
  checks: PreflightCheck[];
};

/** Walks the source within its budget, reads a sample, asks the destination for another; adds what it found to `checks`. */
export async function surveySource({ source, destination, prefix, signal, checks }: Options): Promise<Survey> {
  const tally = new Tally();
  if (source === undefined) return tally.toSurvey({ sameSize: 0, otherSize: 0, looked: 0, examples: [] });
  try {
    await tally.walk(source, prefix, signal);
    const sentence = `${tally.objects} objects listed${tally.isComplete ? "" : ", then stopped: there are more"}.`;
    checks.push({ side: "source", name: "List", outcome: tally.isComplete ? "passed" : "note", sentence });
    checks.push(await readSample(source, tally.sample, signal));
  } catch (error) {
    checks.push(failedCheck("source", "List", toStoreError(error)));
  }
  const collisions = await lookForCollisions(destination, tally.sample, signal, checks);
  return tally.toSurvey(collisions);
}

/** What the walk adds up; the sample is spread evenly by keeping every 2^k-th object and doubling when full. */
class Tally {
  objects = 0;
  bytes = 0;
  isComplete = false;
  sample: ListedObject[] = [];
  #largest: Example | undefined;
  #every = 1;
  readonly #first: Example[] = [];
  readonly #problems = new Map<string, string[] & { total?: number }>();

  async walk(source: SourceStore, prefix: string, signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + LIST_BUDGET_MS;
    for await (const page of plannedListing(source.list({ after: undefined, signal }), prefix)) {
      for (const object of page) this.#add(object);
      if (this.objects >= MAX_OBJECTS || performance.now() > endMs) return;
    }
    this.isComplete = true;
  }

  #add(object: ListedObject): void {
    const { key, sizeBytes, problem } = object;
    if (problem !== undefined) {
      const examples = this.#problems.get(problem.message) ?? Object.assign([] as string[], { total: 0 });
      examples.total = (examples.total ?? 0) + 1;
      if (examples.length < EXAMPLES) examples.push(key);
      this.#problems.set(problem.message, examples);
      return;
    }
    if (this.#first.length < EXAMPLES) this.#first.push({ key, sizeBytes });
    if (sizeBytes > (this.#largest?.sizeBytes ?? -1)) this.#largest = { key, sizeBytes };
    if (this.objects % this.#every === 0) this.sample.push(object);
    this.objects += 1;
    this.bytes += sizeBytes;
    if (this.sample.length < 2 * COLLISION_SAMPLE) return;
    this.sample = this.sample.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }

  toSurvey(collisions: PreflightReply["collisions"]): Survey {
    const { objects, bytes, isComplete } = this;
    return {
      inventory: { objects, bytes, isComplete, largest: this.#largest ?? null, examples: this.#first },
      collisions,
      keyProblems: [...this.#problems].map(([problem, examples]) => ({
        problem,
        objects: examples.total ?? examples.length,
        examples: [...examples],
      })),
    };
  }
}

async function readSample(source: SourceStore, sample: ListedObject[], signal: AbortSignal): Promise<PreflightCheck> {
  const small = sample.filter(({ sizeBytes }) => sizeBytes <= READ_MAX_BYTES).slice(0, READ_SAMPLE);
  let read = 0;
  for (const { key, fingerprint } of small) {
    try {
      await source.read(key, { fingerprint, signal });
      read += 1;
    } catch (error) {
      const failed = failedCheck("source", "Read", toStoreError(error));
      return { ...failed, sentence: `${read} of ${small.length} sampled objects read, then: ${failed.sentence}` };
    }
  }
  return { side: "source", name: "Read", outcome: "passed", sentence: `${read} of ${read} sampled objects read.` };
}

async function lookForCollisions(
  destination: S3Destination | undefined,
  sample: ListedObject[],
  signal: AbortSignal,
  checks: PreflightCheck[],
): Promise<PreflightReply["collisions"]> {
  const collisions = { sameSize: 0, otherSize: 0, looked: 0, examples: [] as string[] };
  if (destination === undefined) return collisions;
  try {
    for (const { key, sizeBytes } of sample.slice(0, COLLISION_SAMPLE)) {
      const there = await destination.head(key, signal);
      collisions.looked += 1;
      if (there === undefined) continue;
      if (there.sizeBytes === sizeBytes) collisions.sameSize += 1;
      else collisions.otherSize += 1;
      if (collisions.examples.length < EXAMPLES) collisions.examples.push(key);
    }
  } catch (error) {
    checks.push(failedCheck("destination", "Look for existing keys", toStoreError(error)));
    return collisions;
  }
  const { sameSize, otherSize, looked } = collisions;
  const there = sameSize + otherSize;
  const sentence =
    there === 0
      ? `None of ${looked} sampled keys exists yet.`
      : `${there} of ${looked} sampled keys exist already; ${otherSize} of them with another size.`;
  checks.push({ side: "destination", name: "Existing keys", outcome: there === 0 ? "passed" : "note", sentence });
  return collisions;
}
