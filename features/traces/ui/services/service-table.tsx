"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Segmented } from "@/components/ui/segmented";
import { ServiceMark } from "@/components/ui/service-mark";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { RedReply } from "../../contract";
import { rateText } from "../../domain/service-view/rate-text";
import { changeOfService, type ServiceRow, toSparkline } from "../../domain/service-view/service-rows";
import { useSearchValue } from "../compare/use-search-value";
import { MiniHistogramPicture } from "../service/mini-histogram-picture";
import { QUANTILES } from "../service/quantiles";

/** As many as the page reads at once. */
const MORE = 40;

type Quantile = (typeof QUANTILES)[number];
const P95: Quantile = QUANTILES[3];

export type Place = { range: string | undefined; from: number | undefined; to: number | undefined };

type ServiceTableProps = {
  rows: readonly ServiceRow[];
  place: Place;
  /** Of all services there are to list; `onMore` lists and reads more of them. */
  count: number;
  /** Whether those with traffic are read first; else nothing is known of it yet. */
  isByTraffic: boolean;
  onMore: () => void;
  /** Finds one of many. */
  search: ReactNode;
};

/** One line a service, those that got worse first; on a phone a block, the whole name above the figures. */
export function ServiceTable({ rows, place, count, isByTraffic, search, onMore }: ServiceTableProps) {
  const [chosen, choose] = useSearchValue("quantile");
  const quantile = QUANTILES.find(({ name }) => name === chosen) ?? P95;
  return (
    <Card aria-label="Services" className="overflow-clip">
      <CardHeader
        actions={
          <span className="flex flex-wrap items-center justify-end gap-2.5 max-phone:w-full">
            {search}
            <Segmented
              label="Percentile shown"
              onChange={(name) => choose(name === P95.name ? "" : name)}
              options={QUANTILES.map(({ name }) => ({ value: name, label: name }))}
              value={quantile.name}
            />
          </span>
        }
        id="services-by-change"
        meta={
          rows.length < count
            ? `${isByTraffic ? "read: the busiest" : "read: the first by name,"} ${formatCount(rows.length)} of ${formatCount(count)}`
            : undefined
        }
        title="By what got worse"
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label="Services, scrolls sideways" className="overflow-x-auto" tabIndex={0}>
        <table className="w-full min-w-[780px] border-collapse text-md max-phone:block max-phone:min-w-0">
          <thead className="max-phone:hidden">
            <tr className="h-8 text-xs text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:px-2 [&>th]:text-right [&>th]:font-medium">
              <th className="pl-4! text-left!" scope="col">
                Service
              </th>
              <th className="text-left!" scope="col">
                Rate over time
              </th>
              <th scope="col">Rate</th>
              <th scope="col">Errors</th>
              <th className="w-[134px] text-left!" scope="col">
                Durations
              </th>
              <th scope="col">{quantile.name}</th>
              <th className="text-left!" scope="col">
                {quantile.name} over time
              </th>
              <th className="pr-4!" scope="col">
                vs before
              </th>
            </tr>
          </thead>
          <tbody className="max-phone:block">
            {rows.map((row) => (
              <tr
                className="h-10 border-b border-grid last:border-0 hover:bg-sunken touch:h-11 [&>td]:px-2 [&>td]:text-right [&>td]:whitespace-nowrap [&>td]:tabular-nums max-phone:flex max-phone:h-auto! max-phone:flex-wrap max-phone:items-center max-phone:gap-x-3.5 max-phone:px-3.5 max-phone:pt-1 max-phone:pb-2.5 max-phone:[&>td]:p-0"
                key={row.service}
              >
                <th
                  className="max-w-[280px] pl-4 text-left font-normal max-phone:w-full max-phone:max-w-none max-phone:py-1 max-phone:pl-0"
                  scope="row"
                >
                  <Link
                    className="flex min-w-0 items-center gap-2 font-medium text-ink no-underline hover:underline touch:min-h-11"
                    href={routes.service(row.service, place)}
                    prefetch={false}
                  >
                    <ServiceMark service={row.service} />
                    <bdi
                      className="truncate max-phone:[overflow-wrap:anywhere] max-phone:whitespace-normal"
                      title={row.service}
                    >
                      {row.service}
                    </bdi>
                  </Link>
                </th>
                <ServiceCells quantile={quantile} row={row} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length === 0 && <p className="px-4 py-6 text-center text-ink-2">No service has this in its name.</p>}
      {rows.length < count && (
        <p className="border-t border-line px-4 py-2">
          <Button onClick={onMore} size="sm">
            Read {formatCount(Math.min(count - rows.length, MORE))} more
          </Button>
        </p>
      )}
      <CardFooter className="text-xs">
        {rows[0]?.red?.originText} Requests are spans of servers and consumers, and those that begin a trace.
        Histograms: now filled, before as an outline, ticks at p50, p95 and p99. Changes are beyond chance, of the p95
        or of half of the requests (p50).
        {rows.some(({ red }) => red?.sample != null) &&
          " ≈ estimated from the traces that were read whole; the service's page says how many."}
      </CardFooter>
    </Card>
  );
}

function ServiceCells({ row: { red, failure, state }, quantile }: { row: ServiceRow; quantile: Quantile }) {
  if (red === undefined) {
    return (
      <td className="text-left! max-phone:w-full max-phone:whitespace-normal!" colSpan={7}>
        {failure === undefined ? (
          <Skeleton className="w-full" />
        ) : (
          <span className="text-ink-3">{failure.message}</span>
        )}
      </td>
    );
  }
  const { totals, series } = red;
  return (
    <>
      <td className="max-phone:hidden">
        <Sparkline colour="var(--s1)" values={series.map(({ perSecond }) => perSecond)} />
      </td>
      <td>
        <Rate red={red} />
      </td>
      <td className={(totals.errorShare ?? 0) >= 0.05 ? "font-semibold text-bad" : ""}>
        {totals.errorShare === null ? "–" : formatShare(totals.errorShare)}
        <PhoneLabel> errors</PhoneLabel>
      </td>
      <td className="max-phone:hidden">
        <MiniHistogramPicture
          height={26}
          row={{
            histogram: red.against?.histogramNow ?? red.histogram,
            histogramBefore: red.against?.histogramBefore ?? [],
            state,
            now: totals,
          }}
          width={118}
        />
      </td>
      <td className="font-semibold">
        <PhoneLabel>{quantile.name} </PhoneLabel>
        {totals.quantiles === null ? "–" : formatDuration(totals.quantiles[quantile.key])}
      </td>
      <td className="max-phone:hidden">
        <Sparkline
          colour={state === "worse" ? "var(--bad)" : "var(--ink-2)"}
          values={series.map(({ quantiles }) => quantiles?.[quantile.key] ?? null)}
        />
      </td>
      <td className="pr-4! max-phone:w-full max-phone:pt-1! max-phone:text-left!">
        <Change red={red} />
      </td>
    </>
  );
}

/** What the head of a column says, where there is none. */
function PhoneLabel({ children }: { children: ReactNode }) {
  return <span className="hidden font-normal text-ink-2 max-phone:inline">{children}</span>;
}

/** Where requests are not known yet there is no rate; an estimate is marked. */
function Rate({ red: { basis, sample, totals } }: { red: RedReply }) {
  if (basis === "unknown") return <span title="Its requests are not known yet">–</span>;
  if (sample === null) return rateText(totals.perSecond);
  const title = `Estimated from ${formatCount(sample.readCount)} of ${formatCount(sample.traceCount)} traces`;
  return <span title={title}>≈ {rateText(totals.perSecond)}</span>;
}

const SIZE = { width: 110, height: 24 };

/** The shape of a series; its numbers stand beside it. */
function Sparkline({ values, colour }: { values: readonly (number | null)[]; colour: string }) {
  return (
    <svg
      aria-hidden
      className="block"
      height={SIZE.height + 2}
      viewBox={`0 -1 ${SIZE.width} ${SIZE.height + 2}`}
      width={SIZE.width}
    >
      <path d={`M0 ${SIZE.height}H${SIZE.width}`} stroke="var(--line)" />
      <path d={toSparkline(values, SIZE)} fill="none" stroke={colour} strokeLinecap="round" strokeWidth="1.4" />
    </svg>
  );
}

function Change({ red }: { red: RedReply }) {
  const { state, text, operation } = changeOfService(red);
  if (state === "unknown") return <span className="text-ink-3">{text}</span>;
  if (state === "same") return <span className="text-ink-2">{text}</span>;
  return (
    <span className="inline-flex items-center gap-2">
      {operation !== undefined && (
        <bdi className="mono max-w-[24ch] truncate text-ink-2 max-phone:max-w-[60vw]" title={operation}>
          {operation}
        </bdi>
      )}
      <Chip tone={state === "worse" ? "bad" : "ok"}>{text}</Chip>
    </span>
  );
}
