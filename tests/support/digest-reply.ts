import type { TraceDigestReply } from "@/features/console/domain/neighbours";

type Operation = Partial<TraceDigestReply["operations"][number]>;
type Digest = {
  operations?: Operation[];
  coverage?: Partial<TraceDigestReply["coverage"]>;
  mendedCount?: number;
  startUs?: number;
  endUs?: number;
};

/** The answer of `GET /api/traces/digest` about these operations: totals, durations and a series that add up. */
export function digestReply({
  operations = [],
  coverage = {},
  mendedCount = 0,
  startUs = 0,
  endUs = 1_000_000,
}: Digest): TraceDigestReply {
  const all = operations.map((one) => ({
    service: "web",
    operation: "GET /",
    count: 1,
    errorCount: 0,
    sumUs: 100,
    p50Us: 100,
    p95Us: 100,
    maxUs: 100,
    slowestTraceId: "a1",
    histogram: [],
    usual: null,
    slowdown: null,
    ...one,
  }));
  const sum = (key: "count" | "errorCount") => all.reduce((total, one) => total + one[key], 0);
  const totals = { count: sum("count"), errorCount: sum("errorCount") };
  const longestUs = Math.max(0, ...all.map(({ maxUs }) => maxUs));
  return {
    window: { startUs, endUs },
    totals: { ...totals, mendedCount },
    series: [
      { startUs, endUs: (startUs + endUs) / 2, ...totals, maxUs: longestUs },
      { startUs: (startUs + endUs) / 2, endUs, count: 0, errorCount: 0, maxUs: 0 },
    ],
    durations: all.length === 0 ? null : { shortestUs: Math.min(...all.map(({ p50Us }) => p50Us)), longestUs },
    operations: all,
    operationCount: all.length,
    coverage: { complete: 1, gaps: [], truncatedCount: 0, filling: "done", ...coverage },
  };
}
