import { useQuery } from "@tanstack/react-query";
import type { Badges } from "@/components/shell/rail";
import { formatShare } from "@/lib/format";
import { migrationShare } from "../domain/migration-share";
import type { Migration, Run } from "../domain/neighbours";
import { migrationsQuery, runsQuery } from "../queries";

/** Live counts for the rail: what runs, and in the warning colour what waits for a person. */
export function useBadges(): Badges {
  const { data: runs } = useQuery(runsQuery);
  const { data: migrations } = useQuery(migrationsQuery);
  const runBadge = toRunBadge(runs?.runs ?? []);
  const migrationBadge = toMigrationBadge(migrations?.migrations ?? []);
  return {
    ...(runBadge === undefined ? {} : { runs: runBadge }),
    ...(migrationBadge === undefined ? {} : { "s3-migrations": migrationBadge }),
  };
}

function toRunBadge(runs: readonly Run[]): Badges["runs"] {
  const active = runs.filter(({ status }) => status === "active").length;
  return active === 0 ? undefined : { text: String(active), tone: "quiet", title: `${active} in progress` };
}

function toMigrationBadge(migrations: readonly Migration[]): Badges["s3-migrations"] {
  const stopped = migrations.filter(({ state }) => state === "auto_stopped" || state === "failed").length;
  if (stopped > 0) return { text: String(stopped), tone: "due", title: `${stopped} stopped by itself` };
  const running = migrations.filter(({ state }) => RUNNING.has(state));
  const [only] = running;
  if (only === undefined) return undefined;
  if (running.length > 1) return { text: String(running.length), tone: "quiet", title: `${running.length} running` };
  const share = formatShare(migrationShare(only));
  return { text: share, tone: "quiet", title: `${only.name}, ${share} done` };
}

const RUNNING: ReadonlySet<string> = new Set(["listing", "running", "verifying"]);
