"use client";

import { Info, X } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { formatCount } from "@/lib/format";
import { SEARCH_LIMITS } from "../contract";
import { parseSummarySort, type SummarySort, toSummarySortText } from "../domain/summary-order";
import { OwnTracesButton } from "./own-traces-button";
import { SummaryTable } from "./summary-table";
import type { SearchAddress, SearchResult } from "./trace-search-state";

// The list can be read before the plot is there.
const TraceScatter = lazy(() => import("./trace-scatter").then((module) => ({ default: module.TraceScatter })));

type SearchResultsProps = {
  result: SearchResult;
  address: SearchAddress;
  isStale: boolean;
  activeId: string | undefined;
  onActive: (traceId: string | undefined) => void;
};

/** What a search found: the plot, what to know about the list, the list. */
export function SearchResults({ result, address, isStale, activeId, onActive }: SearchResultsProps) {
  const { summaries, truncated } = result;
  const failed = useMemo(() => summaries.filter(({ errorSpanCount }) => errorSpanCount > 0).length, [summaries]);
  const count = `${formatCount(summaries.length)} ${summaries.length === 1 ? "trace" : "traces"}`;
  return (
    <div className={isStale ? "opacity-60" : ""}>
      <Card aria-label="Duration over time" className="mb-2.5">
        <CardHeader
          meta={
            <span className="inline-flex flex-wrap items-center gap-x-3">
              <span className="inline-flex items-center gap-1.5 text-xs">
                <span aria-hidden className="size-1.5 rounded-full bg-ink-3" /> ok
              </span>
              <span className="inline-flex items-center gap-1 text-xs">
                <X aria-hidden className="text-bad" size={11} strokeWidth={3} />
                {formatCount(failed)} with errors
              </span>
            </span>
          }
          title={truncated ? `${count}, more match` : count}
        />
        <Suspense fallback={<div className="h-[268px] max-phone:h-[236px]" />}>
          <TraceScatter activeId={activeId} onActive={onActive} summaries={summaries} window={result.window} />
        </Suspense>
      </Card>
      <Card aria-label="Traces" className="overflow-clip">
        <CardHeader
          actions={
            <>
              <OwnTracesButton address={address} result={result} />
              <SortSelect address={address} />
            </>
          }
          meta={<Notes address={address} result={result} />}
          title={truncated ? `Showing ${formatCount(summaries.length)}` : `All ${formatCount(summaries.length)}`}
        />
        <SummaryTable
          activeId={activeId}
          onActive={onActive}
          onSort={address.setSort}
          sort={address.sort}
          summaries={summaries}
        />
      </Card>
    </div>
  );
}

/** What the source says one must know to read the list right. */
function Notes({ result, address }: { result: SearchResult; address: SearchAddress }) {
  const canRaise = result.truncated && result.summaries.length < SEARCH_LIMITS.max;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      {result.notes.map(({ code, text }) => (
        <span className={`inline-flex items-center gap-1 ${code === "more_exist" ? "text-warn" : ""}`} key={code}>
          <Info aria-hidden className="shrink-0" size={12} />
          {text}
        </span>
      ))}
      {canRaise && (
        <Button
          onClick={() => address.submit({ ...address.form, limit: String(SEARCH_LIMITS.max) })}
          size="sm"
          variant="ghost"
        >
          Show up to {formatCount(SEARCH_LIMITS.max)}
        </Button>
      )}
    </span>
  );
}

const SORT_LABELS: [SummarySort, string][] = [
  [{ by: "started", direction: "descending" }, "Newest"],
  [{ by: "duration", direction: "descending" }, "Slowest"],
  [{ by: "errors", direction: "descending" }, "Errors"],
  [{ by: "spans", direction: "descending" }, "Spans"],
  [{ by: "operation", direction: "ascending" }, "Operation"],
];

/** Where there is no room for column heads. */
function SortSelect({ address }: { address: SearchAddress }) {
  return (
    <Select
      aria-label="Sort by"
      className="phone:hidden"
      onChange={(event) => address.setSort(parseSummarySort(event.target.value))}
      value={toSummarySortText(address.sort)}
    >
      {SORT_LABELS.map(([sort, label]) => (
        <option key={label} value={toSummarySortText(sort)}>
          {label}
        </option>
      ))}
    </Select>
  );
}
