"use client";

import Link from "next/link";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { LoadingCard } from "@/components/states/loading-card";
import { StaleNote } from "@/components/states/stale-note";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { QuantityText } from "@/components/ui/quantity";
import { ServiceName } from "@/components/ui/service-mark";
import { Table, Td, Th } from "@/components/ui/table";
import { columnDuration, durationQuantity, formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { TimeRangeParams } from "@/lib/time-range";
import type { DurationAxis } from "../domain/duration-histogram";
import { mostWaiting, type OperationSlowdown } from "../domain/operation-slowdown";
import type { OperationDigest } from "../domain/trace-digest";
import { tracesQuery } from "../queries";
import { DurationScale, DurationStrip } from "./duration-strip";

const SHOWN = 8;
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** Where the waiting is: root operations by the sum of their durations. */
export function OperationsCard() {
  const range = useTimeRange();
  const { data, isLoading, isSlow, problem, dataAt } = useLiveQuery(tracesQuery(range));
  if (isLoading) return <LoadingCard rows={6} />;
  if (data === undefined || data.digest.operations.length === 0) return null;
  const isStale = problem !== undefined || isSlow || data.digest.read.isFailing;
  const { operations, operationCount, axis } = data.digest;
  const mostUs = Math.max(1, ...operations.map(({ totalUs }) => totalUs));
  const shown = mostWaiting(operations, SHOWN);
  const hasUsual = shown.some(({ usualP95Us }) => usualP95Us !== null);
  return (
    <Card aria-labelledby="operations-card">
      <CardHeader
        id="operations-card"
        title="Where the waiting is"
        meta={
          isStale ? (
            <StaleNote at={dataAt} />
          ) : (
            `${formatCount(Math.min(SHOWN, operations.length))} of ${formatCount(operationCount)} operations, by all their time together`
          )
        }
      />
      <div className={isStale ? "opacity-60 max-phone:hidden" : "max-phone:hidden"}>
        <Table label="Operations by waiting">
          <thead>
            <tr>
              <Th>Operation</Th>
              <Th className="max-desk:hidden" aria-label="Durations">
                <DurationScale axis={axis} />
              </Th>
              <Th align="right">Traces</Th>
              <Th align="right">Failed</Th>
              <Th align="right">p50</Th>
              {hasUsual && (
                <Th align="right" title="p95 before, or before it became slower">
                  Usual p95
                </Th>
              )}
              <Th align="right" title="Shown from 100 traces up">
                p95
              </Th>
              <Th align="right">Slowest</Th>
              <Th align="right">Together</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => (
              <OperationRow
                key={`${each.service} ${each.operation}`}
                digest={each}
                axis={axis}
                hasUsual={hasUsual}
                mostUs={mostUs}
                range={range}
              />
            ))}
          </tbody>
        </Table>
      </div>
      <OperationList operations={shown} range={range} />
      <CardFooter>
        <span className="max-desk:hidden">Thin tick: p50, bold tick: p95, on one logarithmic axis. </span>
        p95 is shown from 100 traces up; below that it would be chance. A request counts as failed when its own span
        did.
      </CardFooter>
    </Card>
  );
}

type RowProps = {
  digest: OperationDigest;
  axis: DurationAxis;
  mostUs: number;
  range: TimeRangeParams;
  hasUsual: boolean;
};

const searchOf = ({ service, operation }: OperationDigest, range: TimeRangeParams) =>
  routes.traces({ service, operation, ...range });

function OperationRow({ digest, axis, mostUs, range, hasUsual }: RowProps) {
  const { service, operation, count, errorCount, p50Us, p95Us, usualP95Us, maxUs, slowestTraceId, totalUs } = digest;
  return (
    <tr className="hover:bg-sunken/45">
      <Td className="max-w-0 min-w-[220px] w-full">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] py-1">
          <Link
            href={searchOf(digest, range)}
            title={operation}
            className="mono truncate font-medium text-ink no-underline hover:underline"
          >
            {operation}
          </Link>
          <span className="flex min-w-0 flex-wrap gap-x-2 text-sm text-ink-2">
            <ServiceName service={service} />
            <SlowerNote slowdown={digest.slowdown} />
          </span>
        </div>
      </Td>
      <Td className="max-desk:hidden">
        <DurationStrip digest={digest} axis={axis} />
      </Td>
      <Td align="right">{formatCount(count)}</Td>
      <Td align="right" className={errorCount > 0 ? "font-[550] text-bad" : "text-ink-3"}>
        {formatCount(errorCount)}
      </Td>
      <Td align="right">
        <QuantityText quantity={durationQuantity(p50Us)} />
      </Td>
      {hasUsual && (
        <Td align="right" className="text-ink-2">
          {usualP95Us !== null && <QuantityText quantity={durationQuantity(usualP95Us)} />}
        </Td>
      )}
      <Td align="right" className={p95Us === null ? "whitespace-nowrap text-ink-3" : ""}>
        {p95Us === null ? `n ${count}` : <QuantityText quantity={durationQuantity(p95Us)} />}
      </Td>
      <Td align="right">
        <Link href={routes.trace(slowestTraceId)} className="link" title={`Slowest trace of ${operation}`}>
          <QuantityText quantity={durationQuantity(maxUs)} />
          <span className="sr-only"> slowest trace of {operation}</span>
        </Link>
      </Td>
      <Td align="right" className="relative">
        <QuantityText quantity={columnDuration(totalUs, mostUs)} />
        <span aria-hidden className="absolute right-4 bottom-1 h-0.5 w-[60px] rounded-full bg-line">
          <span className="block h-full rounded-full bg-ink-2" style={{ width: `${(totalUs / mostUs) * 100}%` }} />
        </span>
      </Td>
    </tr>
  );
}

/** "slow since 12:52, 100 ms → 300 ms ▲ ×3.0": by which figure, from what to what. */
function SlowerNote({ slowdown }: { slowdown: OperationSlowdown | null }) {
  if (slowdown === null) return null;
  const { sinceMs, figure, usualUs, nowUs, ratio } = slowdown;
  return (
    <span className="whitespace-nowrap">
      since {CLOCK.format(sinceMs)} {figure} {formatDuration(usualUs)} → {formatDuration(nowUs)}{" "}
      <span className="font-[550] text-bad">
        <span aria-hidden>▲ </span>×{ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)}
      </span>
    </span>
  );
}

/** The same rows for a narrow screen: the whole row is the target. */
function OperationList({ operations, range }: { operations: readonly OperationDigest[]; range: TimeRangeParams }) {
  return (
    <ul className="hidden max-phone:block">
      {operations.map((digest) => (
        <li key={`${digest.service} ${digest.operation}`} className="border-b border-line">
          <Link
            href={searchOf(digest, range)}
            className="grid min-h-11 grid-cols-[minmax(0,1fr)] gap-0.5 px-3.5 py-2 text-ink no-underline"
          >
            <span className="mono truncate font-medium">{digest.operation}</span>
            <span className="flex flex-wrap items-center gap-x-3 text-sm text-ink-2">
              <ServiceName service={digest.service} />
              <SlowerNote slowdown={digest.slowdown} />
              <span>
                p50 <QuantityText aligned={false} quantity={durationQuantity(digest.p50Us)} />
              </span>
              <span>
                slowest <QuantityText aligned={false} quantity={durationQuantity(digest.maxUs)} />
              </span>
              {digest.errorCount > 0 && (
                <span className="font-[550] text-bad">{formatCount(digest.errorCount)} failed</span>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
