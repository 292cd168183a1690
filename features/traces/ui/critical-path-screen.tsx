"use client";

import { useQuery } from "@tanstack/react-query";
import { Flame as FlameIcon } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { PageHeader } from "@/components/shell/page-header";
import { Awaited } from "@/components/states/awaited";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { formatCount, formatDuration } from "@/lib/format";
import { type Route, routes } from "@/lib/routes";
import type { CriticalPathReply } from "../contract";
import { toPathsSearch } from "../domain/search-view/paths-search";
import { parseSearchView } from "../domain/search-view/search-address";
import { useSearchValue } from "./compare/use-search-value";
import { FlameView } from "./critical-path/flame-view";
import { criticalPathQuery } from "./group-queries";

const LIMITS = [10, 20, 50, 100];

/** Where the time of the slowest requests of a service or operation goes, all their critical paths together. */
export function CriticalPathScreen() {
  const params = useSearchParams();
  const range = useTimeRange();
  const [limitText, setLimit] = useSearchValue("limit");
  const limit = LIMITS.includes(Number(limitText)) ? Number(limitText) : 20;
  const { line } = parseSearchView(params);
  const { search, filters, leftOut } = toPathsSearch(line);
  const { service = "", operation = "" } = search;
  const asked = criticalPathQuery({ ...search, range, limit });
  const query = useQuery(asked);
  const place = { range: range.range, from: range.from, to: range.to };
  const name = operation || service || "All requests";
  return (
    <>
      <PageHeader
        actions={
          <label className="inline-flex items-center gap-2 text-sm text-ink-2" htmlFor="slowest-count">
            Slowest
            <Select id="slowest-count" onChange={(event) => setLimit(event.target.value)} value={limit}>
              {LIMITS.map((count) => (
                <option key={count}>{count}</option>
              ))}
            </Select>
          </label>
        }
        breadcrumb={[
          service === ""
            ? { label: "Traces", href: routes.traces({ ...place, q: line === "" ? undefined : line }) }
            : { label: service, href: routes.service(service, place) },
          { label: "Critical paths" },
        ]}
        meta="critical paths of the slowest requests, together"
        title={<bdi className="[overflow-wrap:anywhere]">{name}</bdi>}
      />
      <Filters filters={filters} href={routes.traces({ ...place, q: line })} leftOut={leftOut} />
      {query.isPending ? (
        <Awaited
          isFetching={query.fetchStatus !== "idle"}
          onRetry={() => void query.refetch()}
          queryKey={asked.queryKey}
          waitsFor={`the ${limit} slowest requests are looked for, and each of them is read whole`}
        >
          <Card aria-busy>
            <LoadingRows rowHeightPx={24} rows={14} />
          </Card>
        </Awaited>
      ) : query.data === undefined ? (
        <Card>
          <ErrorState onRetry={() => void query.refetch()} problem={query.error} />
        </Card>
      ) : query.data.traceCount === 0 ? (
        <Card>
          <EmptyState icon={<FlameIcon />} title="No requests in this window">
            <p>Choose a longer time in the top bar, or another operation.</p>
          </EmptyState>
        </Card>
      ) : (
        <>
          <p className="mb-2.5 text-md text-ink-2">{sayWhat(query.data)}</p>
          <FlameView flame={query.data} />
        </>
      )}
    </>
  );
}

type FiltersProps = { filters: readonly string[]; leftOut: readonly string[]; href: Route };

/** What else the requests were searched by, and the way back to the list of them. */
function Filters({ filters, leftOut, href }: FiltersProps) {
  if (filters.length + leftOut.length === 0) return null;
  return (
    <p className="-mt-1 mb-2.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink-2">
      {filters.length > 0 && "Only"}
      {filters.map((filter) => (
        <bdi className="mono rounded-sm border border-line bg-surface px-1.5 [overflow-wrap:anywhere]" key={filter}>
          {filter}
        </bdi>
      ))}
      {leftOut.length > 0 && (
        <span className="text-warn">
          Not searched by here: <bdi className="mono">{leftOut.join(" ")}</bdi>
        </span>
      )}
      <Link className="link touch:inline-flex touch:min-h-11 touch:items-center" href={href} prefetch={false}>
        As a list
      </Link>
    </p>
  );
}

function sayWhat({
  traceCount,
  seenCount,
  skippedCount,
  isWholeSearch,
  fastestUs,
  slowestUs,
  totalUs,
}: CriticalPathReply): string {
  return [
    `The ${formatCount(traceCount)} slowest of ${isWholeSearch ? "" : "at least "}${formatCount(seenCount)} requests, ${formatDuration(fastestUs)} to ${formatDuration(slowestUs)}, waited ${formatDuration(totalUs)} in all.`,
    skippedCount > 0 ? `${formatCount(skippedCount)} could not be read.` : "",
    isWholeSearch ? "" : "The source gave only its most recent ones: slower requests may be missing.",
  ]
    .filter((part) => part !== "")
    .join(" ");
}
