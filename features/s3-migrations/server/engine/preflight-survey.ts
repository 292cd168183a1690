import type { PreflightReply } from "../../contract";
import { extensionOf, type PlanFacts, prefixOf } from "../../domain/plan-facts";
import { PlanTally, type TalliedObject } from "../../domain/plan-tally";
import type { ListedObject, ListingProblem, SourceStore } from "../stores/object-store";
import { type ListingPlan, plannedListing } from "../stores/planned-listing";
import type { S3Destination } from "../stores/s3-destination";
import { toStoreError } from "../stores/store-error";
import { checksOfPlan, failedCheck, type PreflightCheck } from "./preflight-checks";

/** Enough for totals that are true for most; beyond it the survey says that it stopped. */
const MAX_OBJECTS = 200_000;
const LIST_BUDGET_MS = 12_000;
const EXAMPLES = 5;
const EXAMPLE_KINDS = 6;
/** Objects read in full to see that they can be. */
const READ_SAMPLE = 25;
const READ_MAX_BYTES = 4 * 1024 * 1024;
/** Keys asked for at the destination, spread over the listing. */
const COLLISION_SAMPLE = 200;

type Example = { key: string; destinationKey: string; sizeBytes: number };
type Survey = Pick<PreflightReply, "inventory" | "collisions" | "keyProblems" | "facts"> & {
  /** Objects to be copied, spread over the listing. */
  sample: readonly ListedObject[];
};
type Options = {
  source: SourceStore | undefined;
  destination: S3Destination | undefined;
  plan: ListingPlan;
  signal: AbortSignal;
  checks: PreflightCheck[];
};

/** Walks the source within its budget, reads a sample, asks the destination for another; adds what it found to `checks`. */
export async function surveySource({ source, destination, plan, signal, checks }: Options): Promise<Survey> {
  const tally = new Tally(plan.prefix);
  if (source === undefined) return tally.toSurvey({ sameSize: 0, otherSize: 0, looked: 0, examples: [] });
  try {
    await tally.walk(source, plan, signal);
    const sentence = `${tally.objects} objects listed${tally.isComplete ? "" : ", then stopped: there are more"}.`;
    checks.push({ side: "source", name: "List", outcome: tally.isComplete ? "passed" : "note", sentence });
    checks.push(await readSample(source, tally.sample, signal));
  } catch (error) {
    checks.push(failedCheck("source", "List", toStoreError(error)));
  }
  checks.push(...checksOfPlan(tally.facts()));
  const collisions = await lookForCollisions(destination, tally.sample, signal, checks);
  return tally.toSurvey(collisions);
}

const FATES: Record<ListingProblem["kind"], TalliedObject["fate"]> = {
  invalid_key: "invalid",
  mismatch: "invalid",
  filtered: "left_out",
  left_out: "left_out",
  missing: "missing",
};

/** What the walk adds up; the sample is spread evenly by keeping every 2^k-th object and doubling when full. */
class Tally {
  isComplete = false;
  sample: ListedObject[] = [];
  readonly #plan = new PlanTally();
  #every = 1;
  readonly #prefix: string;
  readonly #examples = new Map<string, Example[]>();
  readonly #problems = new Map<string, { objects: number; examples: string[] }>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get objects(): number {
    return this.#plan.copied.objects;
  }

  facts(): PlanFacts {
    return this.#plan.toFacts();
  }

  async walk(source: SourceStore, plan: ListingPlan, signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + LIST_BUDGET_MS;
    let seen = 0;
    for await (const page of plannedListing(source.list({ after: undefined, signal }), plan)) {
      for (const object of page) this.#add(object);
      seen += page.length;
      if (seen >= MAX_OBJECTS || performance.now() > endMs) return;
    }
    this.isComplete = true;
  }

  #add(object: ListedObject): void {
    const { key, sizeBytes, problem, destinationKey = key } = object;
    const fate = problem === undefined ? "copy" : FATES[problem.kind];
    if (problem === undefined) {
      this.#keepExample({ key, destinationKey: this.#prefix + destinationKey, sizeBytes });
      this.#keepSample(object);
    } else if (problem.kind !== "left_out") this.#keepProblem(key, problem);
    this.#plan.add({ key, destinationKey, sizeBytes, fate, reason: problem?.code ?? "" });
  }

  #keepProblem(key: string, { message }: ListingProblem): void {
    const entry = this.#problems.get(message) ?? { objects: 0, examples: [] };
    entry.objects += 1;
    if (entry.examples.length < EXAMPLES) entry.examples.push(key);
    this.#problems.set(message, entry);
  }

  /** A few of each first directory and extension: a mapping shows what it does where keys differ in kind. */
  #keepExample(example: Example): void {
    const kind = prefixOf(example.key) + extensionOf(example.key);
    const known = this.#examples.get(kind);
    if (known === undefined && this.#examples.size < EXAMPLE_KINDS) this.#examples.set(kind, [example]);
    else if (known !== undefined && known.length < EXAMPLES) known.push(example);
  }

  #keepSample(object: ListedObject): void {
    if (this.objects % this.#every === 0) this.sample.push(object);
    if (this.sample.length < 2 * COLLISION_SAMPLE) return;
    this.sample = this.sample.filter((_, at) => at % 2 === 0);
    this.#every *= 2;
  }

  toSurvey(collisions: PreflightReply["collisions"]): Survey {
    const facts = this.#plan.toFacts();
    const { objects, bytes } = facts.counts.toCopy;
    const kinds = [...this.#examples.values()];
    const each = Math.max(1, Math.floor(EXAMPLES / Math.max(1, kinds.length)));
    return {
      inventory: {
        objects,
        bytes,
        isComplete: this.isComplete,
        largest: facts.largest[0] ?? null,
        examples: kinds.flatMap((examples) => examples.slice(0, each)),
      },
      collisions,
      facts,
      sample: this.sample,
      keyProblems: [...this.#problems].map(([problem, { objects: found, examples }]) => ({
        problem,
        objects: found,
        examples,
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
    for (const { key, destinationKey = key, sizeBytes } of sample.slice(0, COLLISION_SAMPLE)) {
      const there = await destination.head(destinationKey, signal);
      collisions.looked += 1;
      if (there === undefined) continue;
      if (there.sizeBytes === sizeBytes) collisions.sameSize += 1;
      else collisions.otherSize += 1;
      if (collisions.examples.length < EXAMPLES) collisions.examples.push(destinationKey);
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
