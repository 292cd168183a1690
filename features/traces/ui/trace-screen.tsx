"use client";

import { useQuery } from "@tanstack/react-query";
import { FileQuestion } from "lucide-react";
import Link from "next/link";
import { type ReactNode, Suspense, useEffect } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Awaited } from "@/components/states/awaited";
import { EmptyState } from "@/components/states/empty-state";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { ApiProblem } from "@/lib/api";
import { routes } from "@/lib/routes";
import { traceQuery } from "../queries";
import { type ComingRows, FirstRows, NoRows } from "./first-rows";
import { TracePage } from "./lazy-trace-page";
import { MAX_PLANNED_HERE, planTrace } from "./plan-trace";
import { SourceErrorCard } from "./source-error-card";
import type { TracePageProps } from "./verdict/trace-page";
import { VerdictLoading } from "./verdict/verdict-loading";

type TraceScreenProps = { traceId: string; firstRows: ComingRows } & Omit<TracePageProps, "trace" | "waiting">;

/**
 * One trace by its id, with every state it can be in: loading, shown, still arriving, not found, source down. Until its
 * columns are here and planned, `firstRows` stand in for them.
 */
export function TraceScreen({ traceId, firstRows, ...page }: TraceScreenProps) {
  const query = useQuery(traceQuery(traceId));
  const trace = query.data;
  // Outside system: the worker that plans a big trace, which has time until the code that draws it is here.
  useEffect(() => {
    if (trace !== undefined && trace.skeleton.spanCount > MAX_PLANNED_HERE) void planTrace(trace.skeleton);
  }, [trace]);
  const waiting = (
    <Suspense fallback={<NoRows />}>
      <FirstRows coming={firstRows} />
    </Suspense>
  );
  if (trace !== undefined) {
    return (
      <>
        {query.isError && (
          <div className="mb-2">
            <StaleNote at={query.dataUpdatedAt} reason="the source does not answer, so newer spans may be missing" />
          </div>
        )}
        {trace.skeleton.spanCount === 0 ? (
          <NotFound traceId={traceId} />
        ) : (
          <TracePage
            fallback={
              <TraceLoading traceId={traceId}>
                <TraceBodyLoading waiting={waiting} />
              </TraceLoading>
            }
            key={trace.traceId}
            trace={trace}
            waiting={waiting}
            {...page}
          />
        )}
      </>
    );
  }
  if (query.isPending) {
    return (
      <TraceLoading traceId={traceId}>
        <Awaited
          isFetching={query.fetchStatus !== "idle"}
          onRetry={() => void query.refetch()}
          queryKey={traceQuery(traceId).queryKey}
          waitsFor="the trace source sends the spans of this trace; one of many thousands takes some seconds"
        >
          <TraceBodyLoading waiting={waiting} />
        </Awaited>
      </TraceLoading>
    );
  }
  const isGone = query.error instanceof ApiProblem && ["not_found", "gone"].includes(query.error.code);
  return isGone ? (
    <NotFound traceId={traceId} />
  ) : (
    <TraceError onRetry={() => void query.refetch()} problem={query.error} traceId={traceId} />
  );
}

function TraceLoading({ traceId, children }: { traceId: string; children: ReactNode }) {
  return (
    <>
      <PageHeader
        breadcrumb={crumbs(traceId)}
        title={
          <>
            <span className="sr-only">Trace {traceId.slice(0, 8)} is loading</span>
            <Skeleton className="my-1 h-5 w-72 max-w-full" />
          </>
        }
      />
      {children}
    </>
  );
}

function TraceBodyLoading({ waiting }: { waiting: ReactNode }) {
  return (
    <>
      <Skeleton className="mb-4 w-96 max-w-full" />
      <VerdictLoading />
      <Skeleton className="mb-2.5 h-8 w-[420px] max-w-full" />
      {waiting}
    </>
  );
}

function NotFound({ traceId }: { traceId: string }) {
  return (
    <>
      <PageHeader breadcrumb={crumbs(traceId)} title="Trace not found" />
      <Card>
        <EmptyState
          action={
            <Button asChild>
              <Link href={routes.traces()}>Search traces</Link>
            </Button>
          }
          icon={<FileQuestion />}
          title={traceId.startsWith("upload-") ? "This uploaded file is no longer kept" : "No spans with this trace id"}
        >
          {traceId.startsWith("upload-") ? (
            <p>Uploaded traces are kept for a while only. Upload the file again to look at it.</p>
          ) : (
            <p>
              <span className="mono [overflow-wrap:anywhere]">{traceId}</span> may have passed its retention, may not
              have been sampled, or may not have arrived yet: spans come a few seconds after the request.
            </p>
          )}
        </EmptyState>
      </Card>
    </>
  );
}

function TraceError({ traceId, problem, onRetry }: { traceId: string; problem: unknown; onRetry: () => void }) {
  return (
    <>
      <PageHeader breadcrumb={crumbs(traceId)} title="Trace" />
      <SourceErrorCard onRetry={onRetry} problem={problem} />
    </>
  );
}

const crumbs = (traceId: string) => [{ label: "Traces", href: routes.traces() }, { label: traceId.slice(0, 8) }];
