"use client";

import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Awaited } from "@/components/states/awaited";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Card } from "@/components/ui/card";
import { lazyPart, preloadPart } from "@/components/ui/lazy-part";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { isOwnService } from "../domain/own-traces";
import { sourceAge } from "../domain/search-view/source-age";
import { servicesQuery, traceSourceQuery } from "../queries";
import { FiltersButton } from "./search/filters-button";
import { QueryLine } from "./search/query-line";
import { type Found, useFound } from "./search/use-found";
import { type SearchAddress, useSearchView } from "./search/use-search-view";
import { SourceErrorCard } from "./source-error-card";

// The query can be written before there is anything to show; what shows it comes along with the first answer.
const loadResults = () => import("./search/search-results").then((module) => module.SearchResults);
const SearchResults = lazyPart(loadResults);
const loadEmpty = () => import("./no-traces");
const NoTracesYet = lazyPart(() => loadEmpty().then((module) => module.NoTracesYet));
const NothingMatches = lazyPart(() => loadEmpty().then((module) => module.NothingMatches));
const SearchActions = lazyPart(() => import("./search/search-actions").then((module) => module.SearchActions));

/** Finding traces. `otlpUrl` is where the console itself takes spans. */
export function TraceSearchScreen({ otlpUrl }: { otlpUrl: string }) {
  const address = useSearchView();
  const found = useFound(address);
  // Outside system: the network, asked for the code while it is asked for the traces.
  useEffect(() => preloadPart(loadResults), []);
  const [splitters, setSplitters] = useState<readonly string[]>([]);
  const { view, change } = address;
  return (
    <>
      <PageHeader
        actions={
          <Suspense>
            <SearchActions address={address} found={found} />
          </Suspense>
        }
        breadcrumb={[{ label: "Traces" }]}
        meta={found.updatedAt > 0 && <Origin found={found} />}
        title="Traces"
      />
      <QueryLine line={view.line} onLine={(line) => change({ line })} splitters={splitters}>
        <FiltersButton onView={change} view={view} />
      </QueryLine>
      {found.problems.length > 0 ? (
        <Card className="px-4 py-6 text-center text-ink-2">
          {found.problems.map(({ message, from }) => (
            <p key={`${from} ${message}`}>{message}</p>
          ))}
        </Card>
      ) : (
        <Results address={address} found={found} onSplitters={setSplitters} otlpUrl={otlpUrl} />
      )}
    </>
  );
}

function Origin({ found }: { found: Found }) {
  const source = useQuery(traceSourceQuery());
  const { isUnheard, at } = useSourceAge(found);
  return (
    <>
      {source.data !== undefined && (
        <>
          from <span className="mono">{source.data.host}</span>,{" "}
        </>
      )}
      {isUnheard && "last heard "}
      <RelativeTime at={at} />
    </>
  );
}

function useSourceAge({ isUnheard, updatedAt }: Found) {
  const { data } = useQuery(traceSourceQuery());
  return sourceAge({ isFailing: isUnheard, answeredAtMs: updatedAt, status: data });
}

type ResultsProps = {
  address: SearchAddress;
  found: Found;
  otlpUrl: string;
  onSplitters: (terms: readonly string[]) => void;
};

function Results({ address, found, otlpUrl, onSplitters }: ResultsProps) {
  if (found.isPending) {
    return (
      <Awaited
        {...found.awaited}
        onRetry={found.refresh}
        waitsFor="the trace source or the database has not answered this search. Runbooks, runs and S3 migrations do not need the source"
      >
        <SearchLoading />
      </Awaited>
    );
  }
  if (found.totals === undefined) return <SourceErrorCard onRetry={found.refresh} problem={found.error} />;
  const isEmpty = found.totals.count === 0 && found.rows.length === 0;
  // A plot of nothing yet would give way to the empty state a moment later.
  if (isEmpty && isStillRead(found)) return <SearchLoading />;
  return (
    <>
      <Staleness found={found} />
      <Suspense fallback={<SearchLoading />}>
        {!isEmpty ? (
          <SearchResults address={address} found={found} onSplitters={onSplitters} />
        ) : (
          <NothingFound address={address} found={found} otlpUrl={otlpUrl} />
        )}
      </Suspense>
    </>
  );
}

/** Why what is shown is not of now, and how old it is. */
function Staleness({ found }: { found: Found }) {
  const { error, isSlow, updatedAt } = found;
  const { isUnheard, at } = useSourceAge(found);
  const isOld = error !== null || (isSlow && updatedAt > 0);
  if (!isOld && !isUnheard) return null;
  return (
    <Card className="mb-2.5 px-4 py-2.5">
      {isOld ? (
        <StaleNote at={updatedAt} reason={error?.message ?? "no newer answer yet"} />
      ) : (
        <StaleNote at={at} reason="the trace source does not answer; newer traces are not read" />
      )}
    </Card>
  );
}

const isStillRead = ({ facts }: Found): boolean =>
  facts !== undefined && (facts.coverage.filling === "running" || facts.coverage.filling === "waiting");

function NothingFound({ address, found, otlpUrl }: Omit<ResultsProps, "onSplitters">) {
  const services = useQuery(servicesQuery());
  const { complete = 1, filling = "done" } = found.facts?.coverage ?? {};
  const unreadShare = filling === "failing" ? 1 - complete : 0;
  const isFirstUse = services.data?.every(isOwnService) === true && !found.hasFilter && unreadShare === 0;
  return (
    <Card>
      {isFirstUse ? (
        <NoTracesYet otlpUrl={otlpUrl} />
      ) : (
        <NothingMatches
          address={address}
          hasFilter={found.hasFilter}
          hasServices={services.data?.some((name) => !isOwnService(name)) === true}
          unreadShare={unreadShare}
        />
      )}
    </Card>
  );
}

/** The same size as what comes. */
function SearchLoading() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_336px] gap-2.5 max-desk:grid-cols-1">
      <Card className="h-[310px] px-3 py-3 max-phone:h-[278px]">
        <Skeleton className="mb-4 w-40" />
        <Skeleton className="h-[240px] w-full max-phone:h-[210px]" />
      </Card>
      <Card className="max-desk:hidden" />
      <Card className="col-span-full">
        <LoadingRows rowHeightPx={26} rows={16} />
      </Card>
    </div>
  );
}
