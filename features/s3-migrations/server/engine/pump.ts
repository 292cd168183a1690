import type { Wake } from "@/server/jobs/wake";
import { Outage } from "@/server/log/outage";
import { sharesOf } from "../../domain/priority-shares";
import { isOpenAt } from "../../domain/time-windows";
import type { EngineSettings } from "./engine-settings";
import { MigrationRunner } from "./migration-runner";
import { RetireRunner } from "./retire-runner";
import { listWork, type Work } from "./work-repository";

/** What one worker does for one migration in one phase. */
type Runner = Pick<MigrationRunner, "phase" | "isOver" | "poll" | "drain"> &
  Partial<Pick<MigrationRunner, "isBusy" | "setShare">>;

/**
 * The worker's loop: asks the database what people want, keeps one runner per migration, ends runners nobody wants any
 * more (pause, cancel, stop, next phase, the end of a window). A database that is away is waited for. `sealed` is called
 * when this worker has made something to do.
 */
export async function runPump(
  owner: string,
  { settings, sealed }: { settings: EngineSettings; sealed: Wake },
  signal: AbortSignal,
): Promise<void> {
  const runners = new Map<string, Runner>();
  const ending = new Map<string, Promise<void>>();
  const outage = new Outage("the engine of S3 migrations cannot reach the database or a store");
  const end = (id: string, runner: Runner) => {
    runners.delete(id);
    ending.set(
      id,
      runner.drain().finally(() => ending.delete(id)),
    );
  };
  while (!signal.aborted) {
    try {
      // One that stops writes that down while it ends: what was read before then knows nothing of it.
      const wasEnding = new Set(ending.keys());
      const work = (await listWork()).filter(({ options, nowMs }) => isOpenAt(options.limits.windows, nowMs));
      outage.over();
      const wanted = new Map(work.map((item): [string, Work] => [item.id, item]));
      for (const [id, runner] of runners) {
        if (runner.isOver || wanted.get(id)?.phase !== runner.phase) end(id, runner);
      }
      const free = work.filter(({ id }) => !wasEnding.has(id) && !ending.has(id));
      for (const item of free) await runnerFor(item, { runners, owner, settings }).poll(item);
      shareOut(free, runners);
    } catch (error) {
      outage.note(error);
    }
    await sealed.wait(settings.pollMs, signal);
  }
  for (const [id, runner] of runners) end(id, runner);
  await Promise.all(ending.values());
}

/** Those that have chunks share the worker by priority; one that has none leaves its share to the others. */
function shareOut(work: readonly Work[], runners: ReadonlyMap<string, Runner>): void {
  const busy = work.filter(({ id }) => runners.get(id)?.isBusy === true);
  const shares = sharesOf(busy.map(({ id, options }) => ({ id, ...options })));
  for (const [id, share] of shares) runners.get(id)?.setShare?.(share);
}

function runnerFor(
  work: Work,
  { runners, owner, settings }: { runners: Map<string, Runner>; owner: string; settings: EngineSettings },
): Runner {
  const known = runners.get(work.id);
  if (known !== undefined) return known;
  const Kind = work.phase === "retire" ? RetireRunner : MigrationRunner;
  const runner = new Kind(work, owner, settings);
  runners.set(work.id, runner);
  return runner;
}
