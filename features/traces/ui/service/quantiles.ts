/** The quantiles of durations as these pages name them, lowest first. */
export const QUANTILES = [
  { name: "p50", key: "p50Us" },
  { name: "p75", key: "p75Us" },
  { name: "p90", key: "p90Us" },
  { name: "p95", key: "p95Us" },
  { name: "p99", key: "p99Us" },
] as const;
