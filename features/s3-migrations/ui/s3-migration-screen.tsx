"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type ComponentProps, useState } from "react";
import { useEventStream } from "@/components/hooks/use-event-stream";
import { useNow } from "@/components/hooks/use-now";
import { PageHeader } from "@/components/shell/page-header";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { StaleNote } from "@/components/states/stale-note";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { classNames } from "@/components/ui/class-names";
import { Skeleton } from "@/components/ui/skeleton";
import { routes } from "@/lib/routes";
import { type S3MigrationDetail, type S3MigrationSnapshot, s3MigrationSnapshotSchema } from "../contract";
import { FINAL_STATES } from "../domain/states";
import { s3MigrationDetailQuery, s3MigrationEventsUrl } from "../queries";
import { CommandHistory } from "./command-history";
import { EvidenceCard } from "./evidence-card";
import { FailureGroups } from "./failure-groups";
import { FindingsCard } from "./findings-card";
import { MigrationActions } from "./migration-actions";
import { MigrationFacts } from "./migration-facts";
import { waitingText } from "./migration-words";
import { NextStepCard } from "./next-step-card";
import { OrphansCard } from "./orphans-card";
import { PhaseStrip } from "./phase-strip";
import { ReportCard } from "./report-card";
import { ReportedCard } from "./reported-card";
import { SettingsCard } from "./settings-card";
import { StateChip } from "./state-chip";
import type { ThroughputCard as Chart } from "./throughput-card";
import { useMigrationCommand } from "./use-migration-command";

const STALE_AFTER_MS = 12_000;
const loadChart = () =>
  import("./throughput-card").then(
    (module) => module.ThroughputCard,
    () => NoChart,
  );
const ThroughputCard = dynamic(loadChart, {
  ssr: false,
  loading: () => <Skeleton className="h-[300px] w-full" />,
});

const ForecastCard = dynamic(
  () =>
    import("./forecast-card").then(
      (module) => module.ForecastCard,
      () => () => null,
    ),
  { ssr: false },
);

/** One migration, live: what is proven, what goes on, what needs a person, and who told it what. */
export function S3MigrationScreen({ id }: { id: string }) {
  const { data, dataUpdatedAt, error, refetch } = useQuery(s3MigrationDetailQuery(id));
  if (data !== undefined) return <Detail key={id} id={id} detail={data} readAt={dataUpdatedAt} />;
  const crumbs = [{ label: "S3 migrations", href: routes.s3Migrations() }, { label: id.slice(0, 8) }];
  return (
    <>
      <PageHeader title="S3 migration" breadcrumb={crumbs} />
      {error === null ? (
        <LoadingCard rows={6} rowHeightPx={72} />
      ) : (
        <Card>
          <ErrorState problem={error} onRetry={() => void refetch()} />
        </Card>
      )}
    </>
  );
}

/** The newest of what the page was told: by the stream, by an answer to a command, or by reading again. */
function useLiveSnapshot(id: string, read: S3MigrationSnapshot) {
  const [told, setTold] = useState<S3MigrationSnapshot>();
  const tell = (snapshot: S3MigrationSnapshot) =>
    setTold((known) => (known === undefined || snapshot.version >= known.version ? snapshot : known));
  const snapshot = told !== undefined && told.version >= read.version ? told : read;
  const isFinal = FINAL_STATES.has(snapshot.state);
  const stream = useEventStream({
    url: s3MigrationEventsUrl(id),
    schema: s3MigrationSnapshotSchema,
    onSnapshot: tell,
    enabled: !isFinal,
  });
  return { snapshot, tell, streamAt: stream.lastAt, isFinal };
}

function Detail({ id, detail, readAt }: { id: string; detail: S3MigrationDetail; readAt: number }) {
  const nowMs = useNow();
  const { snapshot, tell, streamAt = 0, isFinal } = useLiveSnapshot(id, detail.snapshot);
  const { send, isSending, error } = useMigrationCommand(id, snapshot.commandVersion, tell);
  const lastAt = Math.max(streamAt, readAt);
  const isStale = !isFinal && nowMs !== undefined && nowMs - lastAt > STALE_AFTER_MS;
  const crumbs = [{ label: "S3 migrations", href: routes.s3Migrations() }, { label: snapshot.name }];
  return (
    <>
      <PageHeader
        title={snapshot.name}
        breadcrumb={crumbs}
        actions={<MigrationActions snapshot={snapshot} isSending={isSending} onCommand={send} />}
      />
      <div className="-mt-2 mb-3 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-sm text-ink-2">
        <span role="status">
          <StateChip snapshot={snapshot} />
        </span>
        {snapshot.isSample && <Chip>Sample</Chip>}
        {isStale && <StaleNote at={lastAt} reason="the console does not answer" />}
        <MigrationFacts snapshot={snapshot} />
      </div>
      {error !== null && (
        <Card className="mb-3">
          <ErrorState problem={error} />
        </Card>
      )}
      <div className={classNames("grid grid-cols-[minmax(0,1fr)] gap-3", isStale && "text-stale [&_b]:text-stale")}>
        {snapshot.reported === null ? (
          <PhaseStrip snapshot={snapshot} passes={detail.passes} phases={detail.phases} nowMs={nowMs} />
        ) : (
          <ReportedCard snapshot={snapshot} nowMs={nowMs} />
        )}
        <Stopped snapshot={snapshot} />
        <Waiting snapshot={snapshot} />
        <NextStepCard snapshot={snapshot} passes={detail.passes} isSending={isSending} onCommand={send} />
        <EvidenceCard id={id} snapshot={snapshot} nowMs={nowMs} />
        <FailureGroups id={id} snapshot={snapshot} isSending={isSending} onCommand={send} />
        <FindingsCard id={id} snapshot={snapshot} />
        <OrphansCard id={id} snapshot={snapshot} />
        <div className="grid grid-cols-[minmax(0,1fr)_366px] gap-3 max-desk:grid-cols-[minmax(0,1fr)]">
          <ThroughputCard
            samples={detail.samples}
            commands={detail.commands}
            levels={detail.levels}
            snapshot={snapshot}
          />
          <div className="grid content-start gap-3">
            {snapshot.reported === null && <ForecastCard detail={detail} snapshot={snapshot} nowMs={nowMs} />}
            <CommandHistory commands={detail.commands} snapshot={snapshot} />
          </div>
        </div>
        {snapshot.reported === null && (
          <SettingsCard
            snapshot={snapshot}
            configs={detail.configs}
            isSending={isSending}
            onConfigure={(configure, reason) => send({ verb: "configure", configure, reason })}
          />
        )}
        <ReportCard id={id} snapshot={snapshot} />
      </div>
    </>
  );
}

function Waiting({ snapshot: { waiting } }: { snapshot: S3MigrationSnapshot }) {
  if (waiting === null) return null;
  return (
    <Card role="status" className="px-4 py-3">
      <p className="font-semibold">{waitingText(waiting)}</p>
      <p className="mt-0.5 text-sm text-ink-2">
        Nothing is lost by it: what was in flight is finished or taken up again.
      </p>
    </Card>
  );
}

function Stopped({ snapshot: { stopped } }: { snapshot: S3MigrationSnapshot }) {
  if (stopped === null) return null;
  return (
    <Card role="alert" className="border-bad px-4 py-3">
      <p className="font-semibold text-bad">It stopped by itself</p>
      <p className="mt-0.5 text-ink-2">{stopped.message}</p>
      <p className="mt-0.5 text-sm text-ink-3">
        Class <span className="mono">{stopped.errorClass}</span>. Put the cause right, then resume: nothing proven is
        done twice.
      </p>
    </Card>
  );
}

/** A network that was gone at that moment takes the chart, not the page. */
function NoChart(_props: ComponentProps<typeof Chart>) {
  return <Card className="px-4 py-3 text-ink-2">The chart could not be loaded. Reload the page to see it.</Card>;
}
