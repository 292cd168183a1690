"use client";

import { useQuery } from "@tanstack/react-query";
import { BookOpen } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import { routes } from "@/lib/routes";
import type { MatchingRunbook } from "../contract";
import { visibleText } from "../domain/commands/visible-text";
import { fillKnownValues } from "../domain/known-values";
import { matchingRunbooksQuery } from "../queries";

type MatchingRunbooksPanelProps = {
  service: string;
  operation?: string | undefined;
  traceId?: string | undefined;
  finding?: string | undefined;
  /** Where a page has several of them. */
  label?: string | undefined;
  /** Stands between cards: a card of its own where something fits, one quiet line where nothing does. */
  isAlone?: boolean;
};

const OR = new Intl.ListFormat("en-GB", { type: "disjunction" });
const MATCH_WORDS = { finding: "this finding", operation: "this operation", service: "this service" } as const;

const WITHIN = "border-t border-line first:rounded-[inherit] first:border-t-0";
const ALONE = "rounded-lg border border-line shadow-card max-phone:rounded-xl";

/** The procedure that fits what stands above it, and the start of a run with everything known filled in. */
export function MatchingRunbooksPanel({
  service,
  operation = "",
  traceId = "",
  finding = "",
  label = "What to do",
  isAlone = false,
}: MatchingRunbooksPanelProps) {
  const aim = { service: service.slice(0, 500), operation: operation.slice(0, 500), finding };
  const { data, isPending } = useQuery(matchingRunbooksQuery(aim));
  const known = { service, operation, "trace-id": traceId, finding };
  const [best, ...others] = data?.runbooks ?? [];
  if (isAlone && best === undefined && !isPending) {
    return (
      <section aria-label={label}>
        <NoMatch isAlone isKnown={data !== undefined} known={known} />
      </section>
    );
  }
  return (
    <section
      aria-label={label}
      className={`${isAlone ? ALONE : WITHIN} min-h-[54px] bg-[color-mix(in_srgb,var(--accent-soft)_45%,var(--surface))] px-3.5 py-2`}
    >
      {best !== undefined && <Best known={known} runbook={best} />}
      {others.length > 0 && (
        <p className="mt-1 pl-7 text-xs text-ink-2">
          Also:{" "}
          {others.map(({ id, title }, at) => (
            <span key={id}>
              {at > 0 && ", "}
              <Link className="link touch:inline-flex touch:min-h-11 touch:items-center" href={routes.runbook(id)}>
                {title}
              </Link>
            </span>
          ))}
        </p>
      )}
      {best === undefined && isPending && <Skeleton className="mt-3 w-2/3" />}
      {best === undefined && !isPending && <NoMatch isKnown={data !== undefined} known={known} />}
    </section>
  );
}

type Known = Record<"service" | "operation" | "trace-id" | "finding", string>;

function Best({ runbook, known }: { runbook: MatchingRunbook; known: Known }) {
  const { id, title, stepCount, canStart, placeholders, matches, lastRun } = runbook;
  const filledCount = fillKnownValues(placeholders, Object.entries(known)).size;
  const given = Object.entries(known).map(([name, value]) => [name, value === "" ? undefined : value]);
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 max-phone:grid-cols-[auto_minmax(0,1fr)]">
      <BookOpen aria-hidden className="size-[18px] text-accent" />
      <div className="min-w-0">
        <h2 className="truncate text-md max-phone:whitespace-normal">
          {title} <span className="ml-1.5 text-xs font-normal text-ink-2">{stepsOf(stepCount)}</span>
        </h2>
        <p className="truncate text-xs text-ink-2">
          Matches {matches.map((match) => MATCH_WORDS[match]).join(" and ")}.
          {lastRun !== null && (
            <>
              {" "}
              Last run <RelativeTime at={lastRun.at} />: {lastRun.status}.
            </>
          )}
        </p>
      </div>
      <div className="flex items-center gap-1.5 max-phone:col-span-2 max-phone:mt-2 max-phone:[&>a]:flex-1">
        <Button asChild size="sm" variant="ghost">
          <Link href={routes.runbook(id)}>Read</Link>
        </Button>
        {canStart && (
          <Button asChild size="sm" variant="primary">
            <Link href={routes.runbook(id, { start: "", for: titleOf(known), ...Object.fromEntries(given) })}>
              {filledCount === 0 ? "Start run" : `Start run, ${filledCount} filled in`}
            </Link>
          </Button>
        )}
      </div>
    </div>
  );
}

type NoMatchProps = { isKnown: boolean; known: Known; isAlone?: boolean };

function NoMatch({ isKnown, known: { service, operation, finding }, isAlone = false }: NoMatchProps) {
  const named = ["service", operation === "" ? "" : "operation", finding === "" ? "" : "finding"].filter(Boolean);
  return (
    <p
      className={
        isAlone ? "flex items-center gap-2 text-sm text-ink-3" : "flex items-center gap-2.5 py-2 text-sm text-ink-2"
      }
    >
      <BookOpen aria-hidden className={`shrink-0 text-ink-3 ${isAlone ? "size-3.5" : "size-[18px]"}`} />
      <span>
        {isKnown ? `No runbook names this ${OR.format(named)}.` : "The runbooks do not answer."}{" "}
        {isAlone && isKnown && (
          <>
            One does once its front matter says{" "}
            <code className="mono [overflow-wrap:anywhere]">services: [{JSON.stringify(service)}]</code>.{" "}
          </>
        )}
        <Link className="link touch:inline-flex touch:min-h-11 touch:items-center" href={routes.runbooks()}>
          All runbooks
        </Link>
      </span>
    </p>
  );
}

const stepsOf = (count: number): string => (count === 0 ? "to read" : `${count} ${count === 1 ? "step" : "steps"}`);

/** What the run is for, in the form's own field. */
const titleOf = ({ service, operation }: Known): string =>
  visibleText([operation, service === "" ? "" : `in ${service}`].filter(Boolean).join(" ")).slice(0, 200);
