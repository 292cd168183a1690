"use client";

import { useQuery } from "@tanstack/react-query";
import { FileCheck } from "lucide-react";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ApiProblem } from "@/lib/api";
import { routes } from "@/lib/routes";
import type { PlanReply, S3MigrationSnapshot } from "../contract";
import { s3MigrationDetailQuery, s3PlanQuery } from "../queries";
import { CostCard } from "./cost-card";
import { PlanFactsCard } from "./plan/plan-facts-card";
import { ReferenceCard } from "./plan/reference-card";
import { PlanShape } from "./plan-shape";
import { StartButton } from "./start-button";
import { useMigrationCommand } from "./use-migration-command";

/** The sealed plan of a migration: what would be started, by which hash, who approved it, and the SQL that follows. */
export function S3PlanScreen({ id }: { id: string }) {
  const migration = useQuery(s3MigrationDetailQuery(id));
  const snapshot = migration.data?.snapshot;
  const isSealed = snapshot !== undefined && snapshot.inventory.sealedAt !== null;
  const plan = useQuery({ ...s3PlanQuery(id), enabled: isSealed });
  const command = useMigrationCommand(id, snapshot?.commandVersion);
  const crumbs = [
    { label: "S3 migrations", href: routes.s3Migrations() },
    { label: snapshot?.name ?? id.slice(0, 8), href: routes.s3Migration(id) },
    { label: "Plan" },
  ];
  return (
    <>
      <PageHeader
        title="Plan"
        breadcrumb={crumbs}
        meta={snapshot?.name}
        actions={
          snapshot !== undefined && plan.data !== undefined ? (
            <StartButton snapshot={snapshot} isSending={command.isSending} onCommand={command.send} />
          ) : undefined
        }
      />
      {command.error !== null && (
        <Card className="mb-3">
          <ErrorState problem={command.error} />
        </Card>
      )}
      <Content id={id} snapshot={snapshot} failed={migration.data === undefined ? migration : plan} plan={plan.data} />
    </>
  );
}

type ContentProps = {
  id: string;
  snapshot: S3MigrationSnapshot | undefined;
  plan: PlanReply | undefined;
  /** The read that could have failed. */
  failed: { error: Error | null; refetch: () => unknown };
};

function Content({ id, snapshot, plan, failed: { error, refetch } }: ContentProps) {
  if (snapshot !== undefined && plan !== undefined) return <Body plan={plan} snapshot={snapshot} />;
  const isMissing = error instanceof ApiProblem && error.code === "not_found";
  if (snapshot !== undefined && (snapshot.inventory.sealedAt === null || isMissing)) {
    return <NoPlan id={id} isReported={snapshot.reported !== null} />;
  }
  if (error === null) return <LoadingCard rows={8} rowHeightPx={48} />;
  return (
    <Card>
      <ErrorState problem={error} onRetry={() => void refetch()} />
    </Card>
  );
}

function Body({ plan, snapshot }: { plan: PlanReply; snapshot: S3MigrationSnapshot }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <PlanFactsCard plan={plan} snapshot={snapshot} />
      <div className="grid grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] items-start gap-3 max-tablet:grid-cols-[minmax(0,1fr)]">
        <PlanShape facts={plan.facts} />
        <CostCard cost={plan.cost} />
      </div>
      {snapshot.options.mode !== "reported" && <ReferenceCard snapshot={snapshot} />}
    </div>
  );
}

function NoPlan({ id, isReported }: { id: string; isReported: boolean }) {
  return (
    <Card>
      <EmptyState
        icon={<FileCheck />}
        title={isReported ? "A reported migration has no plan" : "Nothing is sealed yet"}
        action={
          <Button asChild>
            <a href={routes.s3Migration(id)}>Back to the migration</a>
          </Button>
        }
      >
        {isReported
          ? "The job elsewhere plans by itself and tells only what it does."
          : "The plan is sealed when the source is listed to its end. Until then every number could still grow."}
      </EmptyState>
    </Card>
  );
}
