import { useQuery } from "@tanstack/react-query";
import type { Badges } from "@/components/shell/rail";
import { formatShare } from "@/lib/format";
import type { Run, S3Migration } from "../domain/neighbours";
import { s3MigrationShare } from "../domain/s3-migration-share";
import { runsQuery, s3MigrationsQuery } from "../queries";

/** Live counts for the rail: what runs, and in the warning colour what waits for a person. */
export function useBadges(): Badges {
  const { data: runs } = useQuery(runsQuery);
  const { data: migrations } = useQuery(s3MigrationsQuery);
  const runBadge = toRunBadge(runs?.runs ?? []);
  const s3MigrationBadge = toS3MigrationBadge(migrations?.migrations ?? []);
  return {
    ...(runBadge === undefined ? {} : { runs: runBadge }),
    ...(s3MigrationBadge === undefined ? {} : { "s3-migrations": s3MigrationBadge }),
  };
}

function toRunBadge(runs: readonly Run[]): Badges["runs"] {
  const active = runs.filter(({ status }) => status === "active").length;
  return active === 0 ? undefined : { text: String(active), tone: "quiet", title: `${active} in progress` };
}

function toS3MigrationBadge(migrations: readonly S3Migration[]): Badges["s3-migrations"] {
  const stopped = migrations.filter(({ state }) => state === "auto_stopped" || state === "failed").length;
  if (stopped > 0) return { text: String(stopped), tone: "due", title: `${stopped} stopped by itself` };
  const running = migrations.filter(({ state }) => RUNNING.has(state));
  const [only] = running;
  if (only === undefined) return undefined;
  if (running.length > 1) return { text: String(running.length), tone: "quiet", title: `${running.length} running` };
  const share = formatShare(s3MigrationShare(only));
  return { text: share, tone: "quiet", title: `${only.name}, ${share} done` };
}

const RUNNING: ReadonlySet<string> = new Set(["listing", "running", "verifying"]);
