"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { ApiProblem } from "@/lib/api";
import { routes } from "@/lib/routes";

const TITLES: Record<string, string> = {
  unreachable: "The console does not answer",
  unreadable_reply: "This page and the console disagree",
  not_found: "Not found",
  gone: "No longer here",
  forbidden: "Not allowed",
  unauthorized: "Sign in first",
  conflict: "Somebody was faster",
  too_many_requests: "Too many requests",
  upstream_unreachable: "The source does not answer",
  upstream_timeout: "The source took too long",
  upstream_invalid: "The source answered nonsense",
  upstream_refused: "The source refused",
  upstream_too_large: "The answer is too large",
  database_away: "The database does not answer",
  unavailable: "Not available right now",
  unsupported: "Not supported by the source",
  invalid_input: "This request is not valid",
};

type ErrorStateProps = {
  /** Anything thrown; an `ApiProblem` speaks for itself. */
  problem: unknown;
  onRetry?: () => void;
  /** Since when it fails, ISO or epoch ms. */
  since?: string | number | undefined;
  /** What still works meanwhile. */
  children?: ReactNode;
  className?: string;
};

/** What failed, since when, try again, and the trace that shows why. */
export function ErrorState({ problem, onRetry, since, children, className }: ErrorStateProps) {
  const known = problem instanceof ApiProblem ? problem : undefined;
  const title = (known && TITLES[known.code]) ?? "This did not work";
  return (
    <div role="alert" className={classNames("flex gap-3 px-4 py-4", className)}>
      <StateGlyph tone="bad" className="mt-0.5 size-4" />
      <div className="min-w-0">
        <p className="font-semibold">
          {title}
          {since !== undefined && (
            <span className="font-normal text-ink-3">
              {", began "}
              <RelativeTime at={since} />
            </span>
          )}
        </p>
        <p className="mt-0.5 max-w-[80ch] break-words text-ink-2">
          {known?.detail ?? "Something unexpected happened on this page."}
        </p>
        {children !== undefined && <div className="mt-1 text-ink-2">{children}</div>}
        <ProblemList problem={known} />
        {(onRetry !== undefined || known?.traceId !== undefined) && (
          <div className="mt-3 flex flex-wrap items-center gap-3">
            {onRetry !== undefined && (
              <Button size="sm" onClick={onRetry}>
                Try again
              </Button>
            )}
            {known?.traceId !== undefined && (
              <Link className="link text-sm" href={routes.trace(known.traceId)}>
                Trace of this request <span className="mono">{known.traceId.slice(0, 8)}</span>
              </Link>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function ProblemList({ problem }: { problem: ApiProblem | undefined }) {
  if (problem === undefined || problem.problems.length < 2) return null;
  return (
    <ul className="mt-1 list-disc pl-4 text-sm text-ink-2">
      {problem.problems.map(({ field, message }) => (
        <li key={`${field} ${message}`}>
          {field !== "" && <span className="mono">{field}</span>} {message}
        </li>
      ))}
    </ul>
  );
}
