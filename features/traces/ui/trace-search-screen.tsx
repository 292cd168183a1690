"use client";

import { useQuery } from "@tanstack/react-query";
import { Radio, RefreshCw } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { ApiProblem } from "@/lib/api";
import { isOwnService } from "../domain/own-traces";
import { servicesQuery, traceSourceQuery } from "../queries";
import { NoTracesYet, NothingMatches } from "./no-traces";
import { OwnTracesButton } from "./own-traces-button";
import { SearchResults } from "./search-results";
import { TraceSearchForm } from "./trace-search-form";
import { type SearchAddress, useSearchAddress, useTraceSearch } from "./trace-search-state";
import { UploadButton } from "./upload-button";

/** Finding traces. `otlpUrl` is where the console itself takes spans. */
export function TraceSearchScreen({ otlpUrl }: { otlpUrl: string }) {
  const address = useSearchAddress();
  const search = useTraceSearch(address);
  const { query, problems } = search;
  const refresh = () => void query.refetch();
  const isRefused = Object.keys(problems).length > 0;
  return (
    <>
      <PageHeader
        actions={
          <>
            <Button
              aria-pressed={address.isLive}
              className={address.isLive ? "border-accent text-accent" : ""}
              icon={<Radio aria-hidden />}
              onClick={() => address.setLive(!address.isLive)}
              size="sm"
              title="Search again every 5 s"
            >
              Live
            </Button>
            <Button aria-busy={query.isFetching} icon={<RefreshCw aria-hidden />} onClick={refresh} size="sm">
              Refresh
            </Button>
            <UploadButton />
          </>
        }
        breadcrumb={[{ label: "Traces" }]}
        meta={query.data !== undefined && <Origin age={query.dataUpdatedAt} host={query.data.source.host} />}
        title="Traces"
      />
      <TraceSearchForm
        initial={address.form}
        isBusy={query.isFetching}
        key={address.formKey}
        onSubmit={address.submit}
        problems={{ ...fieldProblems(query.error), ...problems }}
      />
      {isRefused ? (
        <Card className="px-4 py-6 text-center text-ink-2">Put the marked fields right to search.</Card>
      ) : (
        <Found address={address} onRefresh={refresh} otlpUrl={otlpUrl} search={search} />
      )}
    </>
  );
}

function Origin({ host, age }: { host: string; age: number }) {
  return (
    <>
      from <span className="mono">{host}</span>, <RelativeTime at={age} />
    </>
  );
}

type FoundProps = {
  address: SearchAddress;
  search: ReturnType<typeof useTraceSearch>;
  otlpUrl: string;
  onRefresh: () => void;
};

function Found({ address, search, otlpUrl, onRefresh }: FoundProps) {
  const [activeId, setActiveId] = useState<string | undefined>(undefined);
  const { query, criteria } = search;
  const services = useQuery(servicesQuery());
  const hasFilter = Object.keys(criteria).some((field) => field !== "limit");
  if (query.data === undefined) {
    return query.isError ? <SearchError onRetry={onRefresh} problem={query.error} /> : <SearchLoading />;
  }
  const isStale = query.isError || query.isPlaceholderData;
  return (
    <>
      {query.isError && (
        <Card className="mb-2.5 px-4 py-2.5">
          <StaleNote at={query.dataUpdatedAt} reason={query.error.message} />
        </Card>
      )}
      {query.data.summaries.length > 0 ? (
        <SearchResults
          activeId={activeId}
          address={address}
          isStale={isStale}
          onActive={setActiveId}
          result={query.data}
        />
      ) : (
        <Card>
          {services.data?.every(isOwnService) && !hasFilter ? (
            <NoTracesYet otlpUrl={otlpUrl} />
          ) : (
            <NothingMatches address={address} hasFilter={hasFilter} />
          )}
          {query.data.ownLeftOut !== undefined && query.data.ownLeftOut > 0 && (
            <p className="pb-5 text-center">
              <OwnTracesButton address={address} result={query.data} />
            </p>
          )}
        </Card>
      )}
    </>
  );
}

function SearchError({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  const source = useQuery(traceSourceQuery());
  return (
    <Card>
      <ErrorState onRetry={onRetry} problem={problem} since={source.data?.downSince ?? undefined}>
        <p>Runbooks, runs, S3 migrations and uploaded trace files still work.</p>
      </ErrorState>
    </Card>
  );
}

/** The same size as what comes. */
export function SearchLoading() {
  return (
    <>
      <Card className="mb-2.5 px-4 py-3">
        <Skeleton className="mb-3 w-40" />
        <Skeleton className="h-[252px] w-full max-phone:h-[220px]" />
      </Card>
      <Card>
        <LoadingRows rowHeightPx={26} rows={16} />
      </Card>
    </>
  );
}

/** What the source refused, at the field the reader wrote it in. */
function fieldProblems(error: Error | null): Record<string, string> {
  const problems = error instanceof ApiProblem ? error.problems : [];
  const fields: Record<string, string> = { minDurationUs: "min", maxDurationUs: "max" };
  return Object.fromEntries(problems.map(({ field, message }) => [fields[field] ?? field, message]));
}
