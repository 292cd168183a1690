"use client";

import { type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import { Network } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Suspense, useState } from "react";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { PageHeader } from "@/components/shell/page-header";
import { Awaited } from "@/components/states/awaited";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import { Segmented } from "@/components/ui/segmented";
import { isUpstreamProblem } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { TimeRangeParams } from "@/lib/time-range";
import type { RedReply, ServicesReply } from "../contract";
import { isOwnService } from "../domain/own-traces";
import { findByName } from "../domain/service-view/map-find";
import { busiestFirst, type ServiceRow, serviceStateOf, sortServices } from "../domain/service-view/service-rows";
import { servicesReplyQuery, traceKeys } from "../queries";
import { useSearchValue, useTypedSearchValue } from "./compare/use-search-value";
import { redQuery, serviceMapQuery } from "./group-queries";
import { ServiceFindBox } from "./services/service-find-box";
import type { Place } from "./services/service-table";

// Drawn once there are services: the code comes while they are read.
const ServiceTable = lazyPart(() => import("./services/service-table").then((parts) => parts.ServiceTable));
const ServiceMap = lazyPart(() => import("./services/service-map").then((parts) => parts.ServiceMap));

/** So many services are read at once; more when the reader asks for them. */
const READ_AT_ONCE = 40;
/** Fewer need no box to find one. */
const MOST_UNSOUGHT = 12;

/** The services that send spans: what got worse first, or as a map of who calls whom. */
export function ServicesScreen() {
  const router = useRouter();
  const range = useTimeRange();
  const [view, setView] = useSearchValue("view", "push");
  const [own, setOwn] = useSearchValue("own");
  const services = useQuery(servicesReplyQuery());
  const all = services.data?.services ?? [];
  const heardAt = heardAtOf(services);
  const ownCount = all.filter(isOwnService).length;
  const shown = own === "1" ? all : all.filter((name) => !isOwnService(name));
  const [sought, setSought] = useTypedSearchValue("find");
  const [listed, setListed] = useState(READ_AT_ONCE);
  const busiest = services.data?.busiest ?? [];
  const found = findByName(busiestFirst(shown, busiest), sought);
  const { rows, awaited } = useServiceRows(found.slice(0, listed), view !== "map");
  const worse = rows.filter(({ state }) => state === "worse").length;
  const place = { range: range.range, from: range.from, to: range.to };
  return (
    <>
      <PageHeader
        actions={
          shown.length > 0 && (
            <>
              {ownCount > 0 && (
                <Button aria-pressed={own === "1"} onClick={() => setOwn(own === "1" ? "" : "1")} size="sm">
                  {own === "1" ? "Hide the console's own" : "Show the console's own"}
                </Button>
              )}
              <Segmented
                label="Shown as"
                onChange={(next) => setView(next === "map" ? "map" : "")}
                options={[
                  { value: "list", label: "List" },
                  { value: "map", label: "Map" },
                ]}
                value={view === "map" ? "map" : "list"}
              />
            </>
          )
        }
        breadcrumb={[{ label: "Services" }]}
        meta={shown.length > 0 ? metaText(shown.length, worse) : undefined}
        title="Services"
      />
      {shown.length === 0 && <NoServices hasOwn={ownCount > 0} services={services} />}
      {shown.length > 0 && <Staleness heardAt={heardAt} />}
      {shown.length > 0 && view === "map" && <MapCard place={place} />}
      {shown.length > 0 && view !== "map" && (
        <>
          {awaited !== undefined && (
            <Awaited {...awaited} waitsFor="the traces of these services are read and counted" />
          )}
          <div className={heardAt === undefined ? "" : "grayscale"}>
            <Suspense fallback={<LoadingRows rows={8} />}>
              <ServiceTable
                count={found.length}
                isByTraffic={busiest.length > 0}
                onMore={() => setListed(listed + READ_AT_ONCE)}
                place={place}
                rows={rows}
                search={
                  shown.length > MOST_UNSOUGHT && (
                    <ServiceFindBox
                      found={found.length}
                      onOpen={() =>
                        found[0] !== undefined && router.push(routes.service(rows[0]?.service ?? found[0], place))
                      }
                      onText={setSought}
                      text={sought}
                    />
                  )
                }
              />
            </Suspense>
          </div>
        </>
      )}
    </>
  );
}

/** When the source last answered, where it does not now: figures are those of the traces that were read before. */
function heardAtOf({ data, isError, dataUpdatedAt }: UseQueryResult<ServicesReply>): string | number | undefined {
  if (data === undefined || (data.unheard === null && !isError)) return undefined;
  return data.unheard?.since ?? dataUpdatedAt;
}

function Staleness({ heardAt }: { heardAt: string | number | undefined }) {
  if (heardAt === undefined) return null;
  return (
    <Card className="mb-2.5 px-4 py-2.5">
      <StaleNote at={heardAt} reason="the trace source does not answer; all figures are of what was read before" />
    </Card>
  );
}

/** Each service against before its last deploy, or where none is known against the window before. */
function useServiceRows(services: readonly string[], isEnabled: boolean) {
  const range = useTimeRange();
  const sinceDeploy = useQueries({
    queries: services.map((service) => ({ ...redQuery(service, range, "deploy"), enabled: isEnabled })),
  });
  const sincePrevious = useQueries({
    queries: services.map((service, at) => ({
      ...redQuery(service, range, "previous"),
      enabled: isEnabled && sinceDeploy[at]?.data?.against === null && sinceDeploy[at]?.data?.basis === "requests",
    })),
  });
  const rows = services.map((service, at): ServiceRow => {
    const red = sincePrevious[at]?.data ?? sinceDeploy[at]?.data;
    const failure = red === undefined ? (sinceDeploy[at]?.error ?? undefined) : undefined;
    return { service, red, failure, state: serviceStateOf(red) };
  });
  return { rows: sortServices(rows), awaited: isEnabled ? awaitedOf(services, sinceDeploy, range) : undefined };
}

/** The first of the services whose figures are not there yet stands for all of them. */
function awaitedOf(services: readonly string[], queries: readonly UseQueryResult<RedReply>[], range: TimeRangeParams) {
  const isWaited = ({ data, isError }: UseQueryResult<RedReply>) => data === undefined && !isError;
  const waiting = queries.filter(isWaited);
  const first = services[queries.findIndex(isWaited)];
  if (first === undefined) return undefined;
  return {
    queryKey: redQuery(first, range, "deploy").queryKey,
    cancelKey: [...traceKeys.all, "red"],
    isFetching: waiting.some(({ fetchStatus }) => fetchStatus !== "idle"),
    onRetry: () => {
      for (const { refetch } of waiting) void refetch();
    },
  };
}

function MapCard({ place }: { place: Place }) {
  const asked = serviceMapQuery(useTimeRange());
  const map = useQuery(asked);
  if (map.isPending) {
    return (
      <Awaited
        isFetching={map.fetchStatus !== "idle"}
        onRetry={() => void map.refetch()}
        queryKey={asked.queryKey}
        waitsFor="traces are read to see who calls whom"
      >
        <Card aria-busy>
          <LoadingRows rows={8} />
        </Card>
      </Awaited>
    );
  }
  return (
    <Card>
      {map.data !== undefined && (
        <Suspense fallback={<LoadingRows rows={8} />}>
          <ServiceMap map={map.data} place={place} />
        </Suspense>
      )}
      {map.isError && map.data === undefined && <ErrorState onRetry={() => void map.refetch()} problem={map.error} />}
    </Card>
  );
}

function metaText(count: number, worse: number): string {
  const seen = `${formatCount(count)} seen in traces`;
  return worse === 0 ? seen : `${seen}, ${formatCount(worse)} got worse`;
}

type NoServicesProps = {
  services: Pick<UseQueryResult, "isPending" | "isError" | "error" | "fetchStatus" | "refetch">;
  hasOwn: boolean;
};

function NoServices({ services, hasOwn }: NoServicesProps) {
  if (services.isPending) {
    return (
      <Awaited
        isFetching={services.fetchStatus !== "idle"}
        onRetry={() => void services.refetch()}
        queryKey={servicesReplyQuery().queryKey}
        waitsFor="the trace source is asked for the names of all services"
      >
        <Card aria-busy>
          <LoadingRows rows={6} />
        </Card>
      </Awaited>
    );
  }
  return (
    <Card>
      {services.isError && (
        <ErrorState onRetry={() => void services.refetch()} problem={services.error}>
          {isUpstreamProblem(services.error) && <p>Runbooks, runs and S3 migrations still work.</p>}
        </ErrorState>
      )}
      {!services.isError && (
        <EmptyState
          action={
            <Link className="link" href={routes.traces()}>
              How to send traces
            </Link>
          }
          icon={<Network />}
          title="No services yet"
        >
          <p>
            {hasOwn
              ? "Only the console itself has sent spans so far. A service stands here as soon as its first span has arrived."
              : "A service stands here as soon as its first span has arrived."}
          </p>
        </EmptyState>
      )}
    </Card>
  );
}
