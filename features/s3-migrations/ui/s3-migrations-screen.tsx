"use client";

import { ArrowRight, Database, Plus } from "lucide-react";
import Link from "next/link";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { useNow } from "@/components/hooks/use-now";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount, formatNumber } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { S3MigrationSnapshot } from "../contract";
import { evidenceParts, provenObjects } from "../domain/evidence";
import { s3MigrationListQuery } from "../queries";
import { EvidenceBar } from "./evidence-bar";
import { etaText, storeText } from "./migration-words";
import { StateChip } from "./state-chip";

const ROW_HEIGHT_PX = 96;

/** Every migration with its state and how much of it is proven, newest first. */
export function S3MigrationsScreen() {
  const { data, isLoading, problem, retry, dataAt } = useLiveQuery(s3MigrationListQuery());
  const migrations = data?.migrations ?? [];
  return (
    <>
      <PageHeader
        title="S3 migrations"
        meta={problem !== undefined && data !== undefined ? <StaleNote at={dataAt} /> : undefined}
        breadcrumb={[{ label: "S3 migrations" }]}
        actions={<NewButton />}
      />
      <Card>
        {isLoading && <LoadingRows rows={4} rowHeightPx={ROW_HEIGHT_PX} />}
        {problem !== undefined && data === undefined && <ErrorState problem={problem} onRetry={retry} />}
        {data !== undefined && migrations.length === 0 && (
          <EmptyState icon={<Database />} title="No migrations yet" action={<NewButton />}>
            Copy a directory or a bucket into a bucket, watch it, pause it, and see for each object how surely it
            arrived. A dry run first says what, how many and how much.
          </EmptyState>
        )}
        {migrations.length > 0 && (
          <ul>
            {migrations.map((migration) => (
              <MigrationRow key={migration.id} migration={migration} />
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function NewButton() {
  return (
    <Button asChild variant="primary" icon={<Plus aria-hidden />}>
      <Link href={routes.newS3Migration()}>New migration</Link>
    </Button>
  );
}

function MigrationRow({ migration }: { migration: S3MigrationSnapshot }) {
  const parts = evidenceParts(migration);
  return (
    <li className="relative grid grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)_200px] items-center gap-x-6 gap-y-1.5 border-b border-line px-4 py-3 last:border-0 hover:bg-sunken max-desk:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] max-phone:grid-cols-1">
      <div className="min-w-0">
        <p className="flex min-w-0 flex-wrap items-center gap-2">
          <Link
            href={routes.s3Migration(migration.id)}
            className="min-w-0 truncate text-lg font-semibold text-ink after:absolute after:inset-0"
          >
            {migration.name}
          </Link>
          <StateChip snapshot={migration} />
          {migration.isSample && <Chip>Sample</Chip>}
        </p>
        <p className="mono mt-1 flex min-w-0 flex-wrap items-center gap-x-1.5 text-ink-2">
          <span className="max-w-full truncate" title={storeText(migration.source)}>
            {storeText(migration.source)}
          </span>
          <span className="flex max-w-full min-w-0 items-center gap-1.5">
            <ArrowRight className="size-3 shrink-0 text-ink-3" aria-label="to" />
            <span className="truncate" title={storeText(migration.destination)}>
              {storeText(migration.destination)}
            </span>
          </span>
        </p>
        <p className="mt-0.5 text-sm text-ink-3">
          by {migration.createdBy}, <RelativeTime at={migration.createdAt} />
        </p>
      </div>
      <div className="min-w-0">
        <EvidenceBar label="Objects by proof" parts={parts} of="objects" className="h-3.5" />
        <p className="mt-1 text-sm text-ink-3">
          {migration.reported !== null && (
            <>{formatCount(parts.find(({ kind }) => kind === "reported")?.objects ?? 0)} reported, </>
          )}
          <Proven migration={migration} proven={provenObjects(parts)} />
        </p>
      </div>
      <Pace migration={migration} />
    </li>
  );
}

function Proven({ migration: { inventory, bytes }, proven }: { migration: S3MigrationSnapshot; proven: number }) {
  const isSealed = inventory.sealedAt !== null;
  if (!isSealed && inventory.objects === 0) return "nothing of the source is listed so far";
  return (
    <>
      <b className="font-semibold text-ink">{formatCount(proven)}</b> proven of {isSealed ? "" : "at least "}
      {formatCount(inventory.objects)} objects, {formatBytes(bytes.present)} of {formatBytes(inventory.bytes)}
    </>
  );
}

function Pace({ migration }: { migration: S3MigrationSnapshot }) {
  const nowMs = useNow();
  const { rate, eta, finishedAt, stopped } = migration;
  if (stopped !== null) return <p className="text-sm text-bad max-desk:col-span-full">{stopped.message}</p>;
  if (finishedAt !== null) {
    return (
      <p className="text-right text-sm text-ink-3 max-desk:text-left">
        ended <RelativeTime at={finishedAt} />
      </p>
    );
  }
  return (
    <div className="text-right text-sm text-ink-3 max-desk:text-left">
      {migration.reported?.lastHeardAt != null && (
        <p className={eta.kind === "stalled" ? "text-bad" : undefined}>
          {eta.kind === "stalled" && "stalled, "}last heard <RelativeTime at={migration.reported.lastHeardAt} />
        </p>
      )}
      {rate !== null && (
        <p>
          <b className="text-lg font-semibold text-ink">{formatNumber(rate.objectsPerSecond)}</b> objects/s,{" "}
          {formatBytes(rate.bytesPerSecond)}/s
        </p>
      )}
      {nowMs !== undefined && eta.kind !== "none" && migration.reported === null && (
        <p>verified: {etaText(eta, migration, nowMs)}</p>
      )}
    </div>
  );
}
