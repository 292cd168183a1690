import { type DurationAxis, durationAxis, durationBins } from "./duration-histogram";
import type { TraceDigestReply } from "./neighbours";
import { type OperationSlowdown, toOperationSlowdown } from "./operation-slowdown";

/** Fewer requests make a p95 of chance. */
const ENOUGH_FOR_P95 = 100;
/** Less of a window than this is what began since it was asked for. */
const WHOLE_SHARE = 0.999;
const US_PER_MS = 1000;

export type OperationDigest = {
  service: string;
  operation: string;
  count: number;
  errorCount: number;
  p50Us: number;
  /** `null` below 100 requests. */
  p95Us: number | null;
  maxUs: number;
  slowestTraceId: string;
  /** Sum of all durations: what waiting for it cost. */
  totalUs: number;
  /** Traces per equal part of the digest's duration axis. */
  bins: number[];
  /** Its p95 in ordinary times; null where too little is known. */
  usualP95Us: number | null;
  /** Null unless it takes longer than before, by enough to be named. */
  slowdown: OperationSlowdown | null;
};

export type TraceBucket = { fromMs: number; toMs: number; count: number; errorCount: number; maxUs: number };

export type TraceDigest = {
  count: number;
  /** Requests whose own span failed. */
  errorCount: number;
  /** More requests, with an error inside that they survived. */
  mendedCount: number;
  /** How much of the window the figures stand for. */
  read: {
    isWhole: boolean;
    /** Whole percent, below 100 unless it is whole. */
    percent: number;
    /** More is coming by itself. */
    isGoing: boolean;
    /** Stretches of which nothing is known yet, oldest first. */
    gaps: { fromMs: number; toMs: number }[];
    /** Moments in which more traces began than the source gives at once. */
    truncatedCount: number;
    /** The source does not answer. */
    isFailing: boolean;
  };
  buckets: TraceBucket[];
  /** One logarithmic axis for the histograms of all operations. */
  axis: DurationAxis;
  /** Most waiting first; those that matter, of `operationCount`. */
  operations: OperationDigest[];
  operationCount: number;
};

/** The answer about a window in the terms of this page: ms, an axis all operations share, no p95 of chance. */
export function toTraceDigest({ totals, series, durations, coverage, ...reply }: TraceDigestReply): TraceDigest {
  const axis = durationAxis(durations === null ? [] : [durations.shortestUs, durations.longestUs]);
  const isWhole = coverage.filling === "done" || coverage.complete >= WHOLE_SHARE;
  return {
    ...totals,
    read: {
      isWhole,
      percent: isWhole ? 100 : Math.floor(coverage.complete * 100),
      isGoing: coverage.filling === "running" || coverage.filling === "waiting",
      gaps: isWhole
        ? []
        : coverage.gaps.map(({ fromUs, toUs }) => ({ fromMs: fromUs / US_PER_MS, toMs: toUs / US_PER_MS })),
      truncatedCount: coverage.truncatedCount,
      isFailing: coverage.filling === "failing",
    },
    buckets: series.map(({ startUs, endUs, ...part }) => ({
      ...part,
      fromMs: startUs / US_PER_MS,
      toMs: endUs / US_PER_MS,
    })),
    axis,
    operations: reply.operations.map(({ operation, sumUs, p95Us, histogram, usual, slowdown, ...rest }) => ({
      ...rest,
      operation: operation === "" ? "(root span missing)" : operation,
      totalUs: sumUs,
      p95Us: rest.count >= ENOUGH_FOR_P95 ? p95Us : null,
      bins: durationBins(histogram, axis),
      usualP95Us: usual !== null && usual.count >= ENOUGH_FOR_P95 ? usual.p95Us : null,
      slowdown: toOperationSlowdown(slowdown),
    })),
    operationCount: reply.operationCount,
  };
}

/** What of the window is not in the figures, in a few words; empty when all of it is. */
export function missingText({ isWhole, percent, isGoing, truncatedCount }: TraceDigest["read"]): string {
  if (!isWhole) return `${percent}\u202f% of it read${isGoing ? " so far" : ""}`;
  // What came late belongs to stretches that were read already.
  if (isGoing) return "the latest are being read";
  if (truncatedCount === 0) return "";
  return "some are missing: more began at once than the source gives";
}
