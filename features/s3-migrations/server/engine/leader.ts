import { pause } from "@/server/jobs/pause";
import { Outage } from "@/server/log/outage";
import { ReportedLeader } from "../reporter/reported-leader";
import type { EngineSettings } from "./engine-settings";
import { readPutLatencies } from "./latency-repository";
import { listWatched, saveBeat, saveSample, sumChunks, tryLead, type Watched } from "./leader-repository";
import { ProgressTracker } from "./progress-tracker";

/**
 * One of all workers sums, decides the next state, samples and notifies; the others wait for its lock. Losing the
 * database or the process ends the lead at once, being frozen ends it after a lease, and the next one goes on from the
 * stored sums.
 */
export async function runLeader(settings: EngineSettings, signal: AbortSignal): Promise<void> {
  const outage = new Outage("the leader lost the database");
  while (!signal.aborted) {
    try {
      const lead = await tryLead(settings);
      outage.over();
      if (lead !== undefined) {
        try {
          await beatUntilLost(settings, lead.isLost, signal);
        } finally {
          await lead.end();
        }
      }
    } catch (error) {
      outage.note(error);
    }
    await pause(settings.tickMs, signal);
  }
}

async function beatUntilLost(settings: EngineSettings, isLost: () => boolean, signal: AbortSignal): Promise<void> {
  const trackers = new Map<string, ProgressTracker>();
  const reported = new ReportedLeader(settings.sampleMs);
  while (!signal.aborted && !isLost()) {
    const startedMs = performance.now();
    const watched = await listWatched();
    const ids = new Set(watched.map(({ id }) => id));
    for (const id of trackers.keys()) if (!ids.has(id)) trackers.delete(id);
    for (const migration of watched) await beat(migration, trackers, settings);
    await reported.beat();
    const restMs = Math.max(50, settings.tickMs - (performance.now() - startedMs));
    await pause(restMs, signal);
  }
}

async function beat(watched: Watched, trackers: Map<string, ProgressTracker>, settings: EngineSettings): Promise<void> {
  const tracker = trackers.get(watched.id) ?? new ProgressTracker(settings.sampleMs);
  trackers.set(watched.id, tracker);
  const { beat: next, sample } = tracker.update(watched, await sumChunks(watched.no));
  if (next !== undefined) await saveBeat(next);
  if (sample !== undefined) await saveSample(sample, tracker.putMs(await readPutLatencies(watched.no)));
}
