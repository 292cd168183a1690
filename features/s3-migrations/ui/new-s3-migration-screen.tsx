"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Database, SearchCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { StateGlyph } from "@/components/ui/state-glyph";
import { ApiProblem } from "@/lib/api";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { PreflightReply } from "../contract";
import { createS3MigrationMutation, preflightMutation, s3MigrationKeys } from "../queries";
import { type Draft, EMPTY_DRAFT, problemsOf, refusedFields, toRequest } from "./migration-draft";
import { MigrationForm } from "./migration-form";
import { ModeCard } from "./mode-card";
import { PreflightResult } from "./preflight-result";
import { ReportedStart } from "./reported-start";
import { useKeptDraft } from "./use-kept-draft";
import { WizardSteps } from "./wizard-steps";

/** Everything a dry run looks at: another mapping wants another dry run, another name does not. */
function lookedAt(draft: Draft): string {
  const { source, destination, options } = toRequest(draft);
  return JSON.stringify([
    source,
    destination,
    options?.filters,
    options?.keyMap,
    options?.verify,
    options?.verifySample,
    options?.mode,
    options?.keep,
  ]);
}
const problemOf = (error: unknown): ApiProblem | undefined => (error instanceof ApiProblem ? error : undefined);

/** What keeps the start from being pressed, in the words of the person who wants to press it. */
function missing(draft: Draft, problems: ReadonlyMap<string, string>, dryRun: PreflightReply | undefined): string[] {
  const gaps: string[] = [];
  if (draft.name.trim() === "") gaps.push("Give it a name.");
  const isOption = (field: string) => field.startsWith("options.");
  if ([...problems.keys()].some((field) => field !== "name" && !isOption(field)))
    gaps.push("Fill in source and destination.");
  else if ([...problems.keys()].some(isOption)) gaps.push("Put right the mapping, the filters or the options.");
  else if (dryRun === undefined) gaps.push("Do the dry run for this source and destination.");
  else if (!dryRun.isReady) gaps.push("Put right what the dry run found, then do it again.");
  return gaps;
}

/** Keys the last dry run saw, of whatever mapping: what the live preview tries. */
const sourceKeysOf = (result: PreflightReply | undefined): string[] =>
  result?.inventory.examples.map(({ key }) => key) ?? [];

const CRUMBS = [{ label: "S3 migrations", href: routes.s3Migrations() }, { label: "New" }];

/** Who copies; then from where to where, a dry run, and only then the start. Nothing typed is lost by a reload. */
export function NewS3MigrationScreen() {
  const { draft, change, discard, forget, isKept } = useKeptDraft();
  const isBegun = JSON.stringify(draft) !== JSON.stringify(EMPTY_DRAFT);
  return (
    <>
      <PageHeader
        title="New S3 migration"
        breadcrumb={CRUMBS}
        actions={
          isBegun ? (
            <>
              <span className="text-sm text-ink-3">
                {isKept ? "Your draft of before" : "Draft kept in this browser"}
              </span>
              <Button variant="ghost" onClick={discard}>
                Discard
              </Button>
            </>
          ) : undefined
        }
      />
      <ModeCard mode={draft.mode} onChange={(mode) => change({ ...draft, mode })} />
      {draft.mode === "reported" ? <ReportedStart /> : <Planning draft={draft} onChange={change} onDone={forget} />}
    </>
  );
}

type PlanningProps = { draft: Draft; onChange: (draft: Draft) => void; onDone: () => void };

function Planning({ draft, onChange, onDone }: PlanningProps) {
  const [isTried, setTried] = useState(false);
  const [triedPlan, setTriedPlan] = useState("");
  const router = useRouter();
  const client = useQueryClient();
  const dryRun = useMutation(preflightMutation());
  const create = useMutation({
    ...createS3MigrationMutation(),
    onSuccess: ({ id }) => {
      onDone();
      void client.invalidateQueries({ queryKey: s3MigrationKeys.list() });
      router.push(routes.s3Migration(id));
    },
  });
  const problems = problemsOf(draft);
  const isCurrent = triedPlan === lookedAt(draft);
  const result = isCurrent ? dryRun.data : undefined;
  const shown = new Map([
    ...(isTried ? problems : []),
    ...refusedFields(problemOf(create.error)),
    ...(isCurrent ? refusedFields(problemOf(dryRun.error)) : []),
  ]);
  const tryIt = () => {
    setTried(true);
    if ([...problems.keys()].some((field) => field !== "name")) return;
    const { source, destination, options } = toRequest(draft);
    setTriedPlan(lookedAt(draft));
    dryRun.mutate({ source, destination, options });
  };
  return (
    <>
      <WizardSteps draft={draft} problems={problems} result={result} />
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)] grid-rows-[auto_1fr] gap-3 max-tablet:grid-cols-[minmax(0,1fr)] max-tablet:grid-rows-none">
        <MigrationForm
          draft={draft}
          problems={shown}
          examples={sourceKeysOf(dryRun.data)}
          onChange={(change) => onChange({ ...draft, ...change })}
        />
        <div id="dry-run" className="row-span-2 grid content-start gap-3 max-tablet:row-span-1">
          <DryRun result={result} isPending={dryRun.isPending} error={isCurrent ? dryRun.error : null} onTry={tryIt} />
        </div>
        <div className="grid content-start gap-3">
          {create.isError && (
            <Card>
              <ErrorState problem={create.error} />
            </Card>
          )}
          <Confirm
            gaps={missing(draft, problems, result)}
            result={result}
            isCompared={draft.mode === "verify_only"}
            isSending={create.isPending || create.isSuccess}
            onCreate={(start) => create.mutate({ ...toRequest(draft), start })}
          />
        </div>
      </div>
    </>
  );
}

type DryRunProps = { result: PreflightReply | undefined; isPending: boolean; error: unknown; onTry: () => void };

function DryRun({ result, isPending, error, onTry }: DryRunProps) {
  const button = (
    <Button icon={<SearchCheck aria-hidden />} onClick={onTry} disabled={isPending}>
      {isPending ? "Looking…" : result === undefined ? "Dry run" : "Dry run again"}
    </Button>
  );
  if (isPending) return <LoadingCard rows={4} rowHeightPx={56} />;
  if (result === undefined) {
    return (
      <Card>
        {error === null ? (
          <EmptyState icon={<Database />} title="No dry run yet" action={button}>
            It lists the source, probes the destination and looks for keys that are already there. It copies nothing.
          </EmptyState>
        ) : (
          <ErrorState problem={error} onRetry={onTry} />
        )}
      </Card>
    );
  }
  return (
    <>
      <PreflightResult result={result} />
      <div>{button}</div>
    </>
  );
}

type ConfirmProps = {
  gaps: readonly string[];
  result: PreflightReply | undefined;
  /** Nothing is copied: both sides are compared. */
  isCompared: boolean;
  isSending: boolean;
  onCreate: (start: boolean) => void;
};

function Confirm({ gaps, result, isCompared, isSending, onCreate }: ConfirmProps) {
  const isBlocked = gaps.length > 0 || isSending;
  const promises = isCompared
    ? ["Writes nothing: both sides are only read and compared", "Deletes nothing; both sides stay as they are"]
    : [
        result?.abilities?.ifNoneMatch === false
          ? "This destination cannot refuse an overwrite: keys are looked at first"
          : "Never overwrites a key (If-None-Match)",
        "Deletes nothing; the source stays as it is",
        "Stops by itself when 5 % of the last 1,000 objects fail",
      ];
  return (
    <Card aria-labelledby="confirm" className="border-t-2 border-t-accent">
      <CardHeader
        id="confirm"
        title="Start"
        {...(result === undefined ? {} : { meta: `about ${formatCount(result.inventory.objects)} objects` })}
      />
      <CardBody>
        <ul className="text-sm text-ink-2">
          {promises.map((promise) => (
            <li key={promise} className="flex items-start gap-2 py-0.5">
              <StateGlyph tone="ok" className="mt-0.5" />
              {promise}
            </li>
          ))}
        </ul>
        <div className="mt-3 flex flex-wrap gap-2">
          <Button variant="primary" disabled={isBlocked} aria-describedby="confirm-gaps" onClick={() => onCreate(true)}>
            {isSending ? "Starting…" : isCompared ? "Start comparing" : "Start copying"}
          </Button>
          <Button disabled={isBlocked} onClick={() => onCreate(false)}>
            List and plan only
          </Button>
        </div>
        <ul id="confirm-gaps" aria-live="polite" className="mt-2 text-sm text-warn">
          {gaps.map((gap) => (
            <li key={gap} className="flex items-center gap-2">
              <StateGlyph tone="warn" />
              {gap}
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
