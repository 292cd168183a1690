import { AppError } from "@/lib/errors";
import { pause } from "@/server/jobs/pause";
import { log } from "@/server/log/log";
import { Outage } from "@/server/log/outage";
import { withSpan } from "@/server/telemetry/with-span";
import type { DestinationAbilities, PreflightReply } from "../../contract";
import type { KeepPolicy } from "../../domain/keep-policy";
import { costOf, durationOf, type MeasuredPace } from "../../domain/plan-forecast";
import type { DestinationSpec, MigrationOptions, SourceSpec } from "../../domain/plan-spec";
import { savePreflight, takePreflight } from "../preflight-repository";
import { placeOfDestination, readPriceTable } from "../price-table";
import type { ListedObject, SourceStore } from "../stores/object-store";
import { openDestination, openSource } from "../stores/open-stores";
import { probeAbilities } from "../stores/probe-abilities";
import type { S3Destination } from "../stores/s3-destination";
import { toStoreError } from "../stores/store-error";
import { checksOfAbilities, checksOfKeeping, failedCheck, type PreflightCheck } from "./preflight-checks";
import { surveySource } from "./preflight-survey";
import { rehearse } from "./rehearsal";

const BUDGET_MS = 30_000;
const POLL_MS = 250;
const MAX_REHEARSAL_CONCURRENCY = 32;

/** Answers dry runs, one at a time per worker. */
export async function runPreflights(signal: AbortSignal): Promise<void> {
  const outage = new Outage("dry runs cannot be answered");
  while (!signal.aborted) {
    try {
      const taken = await takePreflight();
      outage.over();
      if (taken !== undefined) {
        await answer(taken.id, taken.input, signal);
        continue;
      }
    } catch (error) {
      outage.note(error);
    }
    await pause(POLL_MS, signal);
  }
}

type Input = { source: SourceSpec; destination: DestinationSpec; options: MigrationOptions };

async function answer(id: string, input: Input, signal: AbortSignal): Promise<void> {
  try {
    const reply = await withSpan("s3_migration.preflight", {}, () => runPreflight(input, signal));
    await savePreflight(id, { reply });
  } catch (error) {
    log().warn({ err: error }, "a dry run failed");
    const known = error instanceof AppError;
    const problem = known
      ? { code: error.code, message: error.message }
      : { code: "internal", message: "The dry run failed. The worker's log has the reason." };
    await savePreflight(id, { problem });
  }
}

/** Looks at both stores within half a minute; leaves nothing behind. Every refusal becomes a failed check, not an error. */
export async function runPreflight(
  { source, destination, options }: Input,
  outer: AbortSignal,
): Promise<PreflightReply> {
  const startedMs = performance.now();
  const signal = AbortSignal.any([outer, AbortSignal.timeout(BUDGET_MS)]);
  const to = openDestination(destination, MAX_REHEARSAL_CONCURRENCY);
  let from: SourceStore | undefined;
  const checks: PreflightCheck[] = [];
  try {
    // What is only compared is never written to, not even with a probe.
    const isCompared = options.mode === "verify_only";
    const abilities = isCompared ? null : await probe(to, options.keep, checks, signal);
    const isReachable = isCompared ? await isReadable(to, checks, signal) : abilities !== null;
    from = await openSource(source, MAX_REHEARSAL_CONCURRENCY).catch((error) => {
      checks.push(failedCheck("source", "Open", toStoreError(error)));
      return undefined;
    });
    const survey = await surveySource({
      source: from,
      destination: isReachable ? to : undefined,
      plan: { prefix: destination.prefix, ...options },
      signal,
      checks,
    });
    const { sample, ...found } = survey;
    const pace = await tryRehearsal({ from, to: abilities === null ? undefined : to, sample, options }, checks, signal);
    const { facts } = found;
    return {
      isReady: checks.every(({ outcome }) => outcome !== "failed"),
      checks,
      abilities,
      ...found,
      duration: durationOf(facts.counts.toCopy, pace, options),
      cost: costOf(facts, options, {
        table: readPriceTable(),
        place: placeOfDestination(destination),
        looksFirst: abilities?.ifNoneMatch === false,
      }),
      tookMs: Math.round(performance.now() - startedMs),
    };
  } finally {
    await from?.close();
    await to.close();
  }
}

type RehearsalInput = {
  from: SourceStore | undefined;
  to: S3Destination | undefined;
  sample: readonly ListedObject[];
  options: MigrationOptions;
};

/** A rehearsal that fails says why as a note: the checks before it said what matters. */
async function tryRehearsal(
  { from, to, sample, options }: RehearsalInput,
  checks: PreflightCheck[],
  signal: AbortSignal,
): Promise<MeasuredPace | undefined> {
  if (from === undefined || to === undefined) return undefined;
  const concurrency = Math.min(options.concurrency, MAX_REHEARSAL_CONCURRENCY);
  try {
    return await rehearse({ source: from, destination: to, sample, concurrency, signal });
  } catch (error) {
    checks.push({ ...failedCheck("destination", "Rehearsal", toStoreError(error)), outcome: "note" });
    return undefined;
  }
}

/** One question about a key that nobody has: the least that comparing needs. */
async function isReadable(to: S3Destination, checks: PreflightCheck[], signal: AbortSignal): Promise<boolean> {
  try {
    await to.head(".ops-console/nothing-here", signal);
    const sentence = "The destination answers. Nothing was written there, and nothing will be.";
    checks.push({ side: "destination", name: "Head", outcome: "passed", sentence });
    return true;
  } catch (error) {
    checks.push(failedCheck("destination", "Head", toStoreError(error)));
    return false;
  }
}

async function probe(
  destination: S3Destination,
  keep: KeepPolicy,
  checks: PreflightCheck[],
  signal: AbortSignal,
): Promise<DestinationAbilities | null> {
  try {
    const abilities = await probeAbilities(destination, keep, { signal });
    checks.push(...checksOfAbilities(abilities), ...checksOfKeeping(keep, abilities));
    return abilities;
  } catch (error) {
    checks.push(failedCheck("destination", "Put, head and delete a probe object", toStoreError(error)));
    return null;
  }
}
