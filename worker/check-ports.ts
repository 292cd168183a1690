import type { CheckPorts } from "@/features/runbooks/server";
import { listS3Migrations } from "@/features/s3-migrations/server";
import { searchTraces } from "@/features/traces/server";

const MOST_TRACES = 200;

/** Joins checks of runbooks to the pillars they ask; only this entry knows them all. */
export function checkPorts(): CheckPorts {
  return {
    migration: async (name) => {
      const found = (await listS3Migrations()).find((migration) => migration.name === name);
      if (found === undefined) return undefined;
      const { counts, inventory, state } = found;
      const settled = (counts.verified ?? 0) + (counts.skipped_identical ?? 0);
      const progress = inventory.objects === 0 ? 0 : settled / inventory.objects;
      return { state, progress, failed: counts.failed ?? 0, count: inventory.objects };
    },
    traces: async ({ service, operation, tags, lookbackMs }, signal) => {
      const end = Date.now();
      const start = end - lookbackMs;
      const search = { service, start, end, limit: MOST_TRACES, attributes: tags };
      const { summaries } = await searchTraces({ ...search, ...(operation === "" ? {} : { operation }) }, signal);
      return { count: summaries.length };
    },
  };
}
