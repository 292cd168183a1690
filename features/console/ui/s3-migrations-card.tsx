"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { LiveCard } from "@/components/states/live-card";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { ProgressBar } from "@/components/ui/progress-bar";
import { formatAbsolute, RelativeTime } from "@/components/ui/relative-time";
import type { StateTone } from "@/components/ui/state-glyph";
import { formatBytes, formatCount, formatNumber, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { S3Migration } from "../domain/neighbours";
import { s3MigrationCounts, s3MigrationShare } from "../domain/s3-migration-share";
import { s3MigrationsQuery } from "../queries";

const SHOWN = 3;
const TONES: Record<string, StateTone> = {
  listing: "running",
  running: "running",
  verifying: "running",
  cancelling: "running",
  paused: "warn",
  verified: "ok",
  failed: "bad",
  auto_stopped: "bad",
  cutover: "warn",
  soaking: "running",
  retiring: "running",
  retired: "ok",
};
/** What needs eyes first. */
const ORDER = ["bad", "running", "warn", "neutral", "ok"];

const toneOf = ({ state }: S3Migration): StateTone => TONES[state] ?? "neutral";

/** S3 migrations that run, wait or stopped, the gravest first. */
export function S3MigrationsCard() {
  return (
    <LiveCard
      live={useLiveQuery(s3MigrationsQuery)}
      loading={{ rows: 2, rowHeightPx: 90 }}
      title="S3 migrations"
      unanswered="The database has not answered yet."
    >
      {({ migrations }, stale) => (
        <GravestMigrations
          migrations={migrations
            .toSorted((a, b) => ORDER.indexOf(toneOf(a)) - ORDER.indexOf(toneOf(b)))
            .slice(0, SHOWN)}
          stale={stale}
        />
      )}
    </LiveCard>
  );
}

function GravestMigrations({ migrations, stale }: { migrations: readonly S3Migration[]; stale: ReactNode }) {
  return (
    <Card aria-labelledby="s3-migrations-card">
      <CardHeader
        id="s3-migrations-card"
        title="S3 migrations"
        meta={stale}
        actions={
          <Link
            className="link text-sm touch:inline-flex touch:min-h-11 touch:items-center"
            href={routes.s3Migrations()}
          >
            All
          </Link>
        }
      />
      {migrations.length === 0 ? (
        <CardBody className={stale === null ? "text-ink-2" : "text-stale"}>
          None yet.{" "}
          <Link className="link touch:inline-flex touch:min-h-11 touch:items-center" href={routes.newS3Migration()}>
            Set one up
          </Link>
        </CardBody>
      ) : (
        <ul className={stale === null ? "" : "opacity-60"}>
          {migrations.map((migration) => (
            <S3MigrationRow key={migration.id} migration={migration} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function S3MigrationRow({ migration }: { migration: S3Migration }) {
  const { id, name, state, stopped, inventory, bytes, rate } = migration;
  const { done, toDecide } = s3MigrationCounts(migration);
  const share = s3MigrationShare(migration);
  const tone = toneOf(migration);
  return (
    <li className="border-t border-line px-4 pt-2.5 pb-3 max-phone:px-3.5">
      <div className="flex min-w-0 items-center gap-2">
        <Link
          href={routes.s3Migration(id)}
          className="truncate font-[550] text-ink no-underline hover:underline touch:inline-flex touch:min-h-11 touch:items-center"
        >
          {name}
        </Link>
        <Chip tone={tone} className="ml-auto">
          {state.replaceAll("_", " ")}
        </Chip>
      </div>
      <div className="flex items-baseline gap-3">
        <span className="text-2xl font-semibold tracking-[-0.02em] tabular-nums">{formatShare(share)}</span>
        <span className="text-sm text-ink-2">
          <EtaText migration={migration} />
        </span>
      </div>
      <ProgressBar
        label={`${name}: objects done`}
        share={share}
        badShare={inventory.objects === 0 ? 0 : toDecide / inventory.objects}
        tone={tone === "running" ? "running" : "neutral"}
        className="mt-1"
      />
      <div className="mt-1.5 flex flex-wrap justify-between gap-x-3 text-sm text-ink-2">
        <span>
          {formatCount(done)} of {formatCount(inventory.objects)} objects
          {inventory.sealedAt === null && " so far"}, {formatBytes(bytes.present)}
        </span>
        {rate !== null && rate.objectsPerSecond > 0 && (
          <span>
            {formatNumber(rate.objectsPerSecond)} objects/s, {formatBytes(rate.bytesPerSecond)}/s
          </span>
        )}
        {toDecide > 0 && <span className="font-[550] text-bad">{formatCount(toDecide)} to decide</span>}
      </div>
      {stopped !== null && <p className="mt-1.5 text-sm break-words text-bad">{stopped.message}</p>}
    </li>
  );
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

const doneText = (from: string, to: string): string =>
  from === to ? `done about ${to}` : `done between ${from} and ${to}`;

function EtaText({ migration: { eta } }: { migration: S3Migration }) {
  switch (eta.kind) {
    case "none":
      return null;
    case "estimating":
      return "too early for an estimate";
    case "stalled":
      return (
        <>
          nothing finished since <RelativeTime at={eta.since} />
        </>
      );
    case "range":
      if (eta.isOver30Days) return "more than 30 days at this rate";
      return (
        <span title={`${formatAbsolute(eta.earliestAt)} to ${formatAbsolute(eta.latestAt)}`}>
          {doneText(CLOCK.format(Date.parse(eta.earliestAt)), CLOCK.format(Date.parse(eta.latestAt)))}
        </span>
      );
  }
}
