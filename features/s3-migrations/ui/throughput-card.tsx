"use client";

import { useState } from "react";
import { Card, CardHeader } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { formatNumber } from "@/lib/format";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import { chartMarks } from "../domain/chart-marks";
import { toThroughputSeries } from "../domain/throughput-series";
import { ChartMarks } from "./chart-marks-list";
import { clockOfMs } from "./migration-words";
import { ThroughputChart } from "./throughput-chart";

type Samples = S3MigrationDetail["samples"];
const WINDOW_MS = 15 * 60 * 1000;

const LEVEL_WORDS = {
  throttled: "a store asked for less",
  latency: "answers took three times the best seen",
} as const;

type ThroughputCardProps = {
  samples: Samples;
  commands: S3MigrationDetail["commands"];
  levels: S3MigrationDetail["levels"];
  snapshot: S3MigrationSnapshot;
};

/** Objects, bytes and latency over time; a pause is a gap, and letters say who did what and when a store throttled. */
export function ThroughputCard({ samples, commands, levels, snapshot }: ThroughputCardProps) {
  const [span, setSpan] = useState<"recent" | "whole">("whole");
  const { points: all, unseen } = toThroughputSeries(samples);
  const lastMs = all.at(-1)?.atMs ?? 0;
  const points = span === "whole" ? all : all.filter(({ atMs }) => atMs >= lastMs - WINDOW_MS);
  const marks = chartMarks(points, commands);
  const drawn = { points, unseen, marks };
  const { engine } = snapshot;
  const { limits } = snapshot.options;
  const lowered = levels.at(-1);
  return (
    <Card aria-labelledby="throughput">
      <CardHeader
        id="throughput"
        title="Throughput and latency"
        meta="objects/s"
        actions={
          <Segmented
            label="Window"
            value={span}
            onChange={setSpan}
            options={[
              { value: "recent", label: "15 min" },
              { value: "whole", label: "Whole run" },
            ]}
          />
        }
      />
      <div className="border-t border-line px-2 pt-2 pb-2">
        {points.length < 2 ? (
          <p className="px-2 py-12 text-center text-ink-3">
            {snapshot.finishedAt === null
              ? "The first points come after a few seconds of work."
              : "It was over before there was a second point to draw."}
          </p>
        ) : (
          <>
            <ThroughputChart of="rate" limit={limits.objectsPerSecond} {...drawn} />
            <p className="px-2 text-sm text-ink-3">bytes/s</p>
            <ThroughputChart of="bytes" limit={limits.bytesPerSecond} {...drawn} />
            {points.some(({ put }) => put !== null) && (
              <>
                <p className="px-2 text-sm text-ink-3">
                  The destination&apos;s answers to small writes, band from p50 to p95
                </p>
                <ThroughputChart of="put" {...drawn} />
              </>
            )}
          </>
        )}
        <ChartMarks marks={marks} />
        <p className="px-2 pt-1 text-sm text-ink-3">
          Now {engine.workers} {engine.workers === 1 ? "worker" : "workers"}, {engine.leases} chunks leased
          {engine.concurrency > 0 && `, ${engine.concurrency} in flight allowed`}; {formatNumber(engine.retries)}{" "}
          retries, {formatNumber(engine.throttledMs / 1000)} s throttled so far.
          {lowered !== undefined &&
            ` Lowered from ${lowered.from} to ${lowered.to} in flight at ${clockOfMs(Date.parse(lowered.at))}: ${LEVEL_WORDS[lowered.reason]}.`}
        </p>
      </div>
    </Card>
  );
}
