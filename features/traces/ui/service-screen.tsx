"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity, ArrowLeftRight, Flame, ListFilter } from "lucide-react";
import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
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
import { ServiceMark } from "@/components/ui/service-mark";
import { Skeleton } from "@/components/ui/skeleton";
import { StateGlyph } from "@/components/ui/state-glyph";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { RedQuery, RedReply } from "../contract";
import { toCommitsLink } from "../domain/compare-view/commits-link";
import { releaseSides, timeSides, toAddress } from "../domain/compare-view/compare-side";
import { toOperationRows } from "../domain/service-view/operation-rows";
import { toRedHeadline } from "../domain/service-view/red-headline";
import { clock } from "./compare/clock";
import { useSearchValue } from "./compare/use-search-value";
import { redQuery } from "./group-queries";
import type { RunbookSlot } from "./runbook-slot";
import { rangeName } from "./service/range-name";

// Drawn once numbers are here: the code comes while they are read.
const ServiceBody = lazyPart(() => import("./service/service-body").then((parts) => parts.ServiceBody));

type ServiceScreenProps = { service: string; repositoryUrl: string | null; Runbooks: RunbookSlot };

/** One service: what happened to it, when, in which operation, and whom it calls. */
export function ServiceScreen({ service, repositoryUrl, Runbooks }: ServiceScreenProps) {
  const range = useTimeRange();
  const { reply, other, against, deployVersion, live } = useRed(service);
  const place = { range: range.range, from: range.from, to: range.to };
  const runbooks = <Runbooks isAlone label="Runbooks for this service" service={service} />;
  return (
    <>
      <PageHeader
        actions={reply !== undefined && <Actions place={place} reply={reply} />}
        breadcrumb={[{ label: "Services", href: routes.services(place) }, { label: service }]}
        meta={reply !== undefined && <Version reply={reply} repositoryUrl={repositoryUrl} />}
        title={
          <span className="inline-flex min-w-0 items-baseline gap-2.5">
            <ServiceMark service={service} size={12} />
            <bdi className="min-w-0 [overflow-wrap:anywhere]">{service}</bdi>
          </span>
        }
      />
      {reply === undefined && live.problem === undefined && (
        <Awaited
          isFetching={live.isFetching}
          onRetry={live.retry}
          queryKey={redQuery(service, range, "deploy").queryKey}
          waitsFor="the traces of this service are read and counted"
        >
          <ServiceLoading runbooks={runbooks} />
        </Awaited>
      )}
      {reply === undefined && live.problem !== undefined && (
        <Card>
          <ErrorState onRetry={live.retry} problem={live.problem} />
        </Card>
      )}
      {reply !== undefined && isSilent(reply) && (
        <Card>
          <EmptyState
            action={
              <Link className="link" href={routes.services(place)} prefetch={false}>
                All services
              </Link>
            }
            icon={<Activity />}
            title={reply.basis === "unknown" ? "Its requests are not known yet" : "No requests in this window"}
          >
            {reply.notes.map(({ code, text }) => (
              <p key={code}>{text}</p>
            ))}
            <p>Choose a longer time in the top bar. A service stands under the name it gives itself in its spans.</p>
          </EmptyState>
        </Card>
      )}
      {reply !== undefined && !isSilent(reply) && (
        <div className="grid gap-2.5">
          {live.problem !== undefined && <StaleNote at={live.dataAt} reason={live.problem.message} />}
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <Headline reply={reply} />
            <AgainstSwitch against={against} version={deployVersion} />
          </div>
          {runbooks}
          <Suspense fallback={<BodyLoading />}>
            <ServiceBody Runbooks={Runbooks} other={other} place={place} reply={reply} />
          </Suspense>
        </div>
      )}
    </>
  );
}

/** What is missing began since the question was asked. */
const WHOLE_SHARE = 0.999;

/** All of the window is read and nothing is in it, nor in what it is compared with. */
const isSilent = ({ totals, against, operations, coverage }: RedReply): boolean =>
  totals.perSecond === 0 &&
  operations.length === 0 &&
  (against === null || against.before.totals.perSecond === 0) &&
  (coverage === null || coverage.complete >= WHOLE_SHARE);

type Against = RedQuery["against"];

/** Two comparisons; the one shown is that with the last deploy where one is known, unless the address says otherwise. */
function useRed(service: string) {
  const range = useTimeRange();
  const [wanted] = useSearchValue("against");
  const live = useLiveQuery(redQuery(service, range, "deploy"));
  const previous = useQuery(redQuery(service, range, "previous"));
  const isWeek = wanted === "week";
  // A week back is read from the source when somebody wants to know, not before.
  const week = useQuery({ ...redQuery(service, range, "week"), enabled: isWeek });
  const deploy = live.data?.against;
  const deployVersion = deploy?.deploy?.version ?? (deploy == null ? undefined : "deploy");
  if (isWeek)
    return { live, reply: week.data ?? live.data, other: previous.data, against: "week", deployVersion } as const;
  if (wanted === "previous" || deploy == null) {
    return { live, reply: previous.data ?? live.data, other: undefined, against: "previous", deployVersion } as const;
  }
  return { live, reply: live.data, other: previous.data, against: "deploy", deployVersion } as const;
}

function AgainstSwitch({ against, version }: { against: Against; version: string | undefined }) {
  const range = useTimeRange();
  const [, setAgainst] = useSearchValue("against", "push");
  return (
    <Segmented
      label="Compare with"
      onChange={(value) =>
        setAgainst(value === "deploy" || (value === "previous" && version === undefined) ? "" : value)
      }
      options={[
        ...(version === undefined ? [] : [{ value: "deploy" as const, label: `Since ${version}` }]),
        { value: "previous" as const, label: `Previous ${rangeName(range)}` },
        { value: "week" as const, label: "Same hours last week" },
      ]}
      value={against}
    />
  );
}

function Version({ reply, repositoryUrl }: { reply: RedReply; repositoryUrl: string | null }) {
  const [deploy] = reply.deploys;
  if (deploy === undefined) return null;
  const commits = toCommitsLink(repositoryUrl, deploy.previousVersion, deploy.version);
  return (
    <span suppressHydrationWarning>
      <span className="mono">{deploy.version}</span> {deploy.origin === "seen" ? "first seen" : "since"}{" "}
      {clock(deploy.atUs / US_PER_MS)}
      {commits !== undefined && (
        <>
          ,{" "}
          <a className="link" href={commits} rel="noopener noreferrer" target="_blank">
            commits since {deploy.previousVersion}
          </a>
        </>
      )}
    </span>
  );
}

function Headline({ reply }: { reply: RedReply }) {
  const { tone, strong, rest } = toRedHeadline(reply, toOperationRows(reply), clock);
  return (
    <p className="flex min-w-0 items-start gap-2 text-lg" suppressHydrationWarning>
      {tone !== "neutral" && <StateGlyph className="mt-1 size-3.5" tone={tone} />}
      <span className="min-w-0 text-pretty [overflow-wrap:anywhere]">
        <b className="font-semibold">{strong}</b> <span className="text-ink-2">{rest}</span>
      </span>
    </p>
  );
}

type Place = { range: string | undefined; from: number | undefined; to: number | undefined };

function Actions({ reply, place }: { reply: RedReply; place: Place }) {
  const subject = { service: reply.service };
  const window = { fromMs: reply.window.startUs / US_PER_MS, toMs: reply.window.endUs / US_PER_MS };
  const deploy = reply.against?.deploy ?? reply.deploys[0];
  const sides = deploy == null ? timeSides(subject, window) : releaseSides(subject, deploy, window);
  return (
    <>
      <Button asChild icon={<ArrowLeftRight aria-hidden />} size="sm">
        <Link href={routes.compare({ ...toAddress(sides), ...place })} prefetch={false}>
          Before and after
        </Link>
      </Button>
      <Button asChild icon={<Flame aria-hidden />} size="sm">
        <Link href={routes.criticalPath({ ...subject, ...place })} prefetch={false}>
          Critical paths
        </Link>
      </Button>
      <Button asChild icon={<ListFilter aria-hidden />} size="sm">
        <Link href={routes.traces({ ...subject, ...place })} prefetch={false}>
          Traces
        </Link>
      </Button>
    </>
  );
}

/** The runbooks are there before the figures, and keep their place. */
function ServiceLoading({ runbooks }: { runbooks: ReactNode }) {
  return (
    <div aria-busy className="grid gap-2.5">
      <Skeleton className="h-5 w-2/3" />
      {runbooks}
      <BodyLoading />
    </div>
  );
}

function BodyLoading() {
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(320px,380px)] gap-2.5 max-desk:grid-cols-[minmax(0,1fr)]">
        <Card className="h-[428px]" />
        <Card>
          <LoadingRows rowHeightPx={32} rows={6} />
        </Card>
      </div>
      <Card>
        <LoadingRows rowHeightPx={36} rows={8} />
      </Card>
    </>
  );
}
