"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Card, CardHeader } from "@/components/ui/card";
import { QuantityText } from "@/components/ui/quantity";
import { RelativeTime } from "@/components/ui/relative-time";
import { ServiceMark } from "@/components/ui/service-mark";
import { durationQuantity, formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { TraceSummary } from "../contract";
import { EMPTY_SEARCH_FORM } from "../domain/search-form";
import { sortSummaries } from "../domain/summary-order";
import { traceSourceQuery } from "../queries";
import { NoTracesYet } from "./no-traces";
import { type SearchResult, useSearchAddress, useTraceSearch } from "./trace-search-state";

const SHOWN = 5;
/** Enough to find slow ones among, little enough to ask for every time. */
const OVERVIEW_FORM = { ...EMPTY_SEARCH_FORM, limit: "500" };

/** The slowest recent traces of the window, and how many failed. `otlpUrl` as on the search screen. */
export function TracesOverviewPanel({ otlpUrl }: { otlpUrl: string }) {
  const { range } = useSearchAddress();
  const { query } = useTraceSearch({ form: OVERVIEW_FORM, range, isLive: false });
  const params = useSearchParams();
  const kept = { range: params.get("range") ?? undefined };
  return (
    <Card aria-labelledby="overview-traces">
      <CardHeader
        actions={
          <Link className="link text-sm" href={routes.traces({ ...kept, sort: "-duration" })}>
            All traces
          </Link>
        }
        id="overview-traces"
        meta={query.data !== undefined && query.data.summaries.length > 0 && <Counts result={query.data} />}
        title="Slowest traces"
      />
      {query.data === undefined ? (
        query.isError ? (
          <SourceDown onRetry={() => void query.refetch()} problem={query.error} />
        ) : (
          <LoadingRows rows={SHOWN} />
        )
      ) : (
        <>
          {query.isError && (
            <div className="px-4 pb-2">
              <StaleNote at={query.dataUpdatedAt} />
            </div>
          )}
          {query.data.summaries.length === 0 ? (
            <NoTracesYet otlpUrl={otlpUrl} />
          ) : (
            <Slowest summaries={query.data.summaries} />
          )}
        </>
      )}
    </Card>
  );
}

function Counts({ result }: { result: SearchResult }) {
  const failed = result.summaries.filter(({ errorSpanCount }) => errorSpanCount > 0).length;
  return (
    <>
      of {result.truncated ? "the newest " : ""}
      {formatCount(result.summaries.length)},{" "}
      {failed === 0 ? (
        "none with errors"
      ) : (
        <span className="font-semibold text-bad">× {formatCount(failed)} with errors</span>
      )}
    </>
  );
}

function SourceDown({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  const source = useQuery(traceSourceQuery());
  return <ErrorState onRetry={onRetry} problem={problem} since={source.data?.downSince ?? undefined} />;
}

function Slowest({ summaries }: { summaries: readonly TraceSummary[] }) {
  const slowest = sortSummaries(summaries, { by: "duration", direction: "descending" }).slice(0, SHOWN);
  return (
    <ul>
      {slowest.map((trace) => (
        <li className="border-t border-line" key={trace.traceId}>
          <Link
            className="flex h-[34px] items-center gap-2.5 px-4 text-ink no-underline hover:bg-sunken touch:h-11"
            href={routes.trace(trace.traceId)}
            prefetch={false}
          >
            <ServiceMark labelled service={trace.rootService || "unknown"} />
            <span className="min-w-0 flex-1 truncate">{trace.rootOperation || "root span missing"}</span>
            {trace.errorSpanCount > 0 && (
              <span className="font-semibold text-bad">× {formatCount(trace.errorSpanCount)}</span>
            )}
            <QuantityText className="w-[72px] font-semibold" quantity={durationQuantity(trace.durationUs)} />
            <span className="w-[84px] text-right text-sm text-ink-3 max-phone:hidden">
              <RelativeTime at={trace.startUs / US_PER_MS} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
