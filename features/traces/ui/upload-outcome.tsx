"use client";

import Link from "next/link";
import { ErrorState } from "@/components/states/error-state";
import { Dialog } from "@/components/ui/dialog";
import { formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { TraceSummary } from "../contract";

type UploadOutcomeProps = { error: Error | null; traces: readonly TraceSummary[]; onClose: () => void };

/** Why a file was not read, or which of its traces to open. */
export function UploadOutcome({ error, traces, onClose }: UploadOutcomeProps) {
  return (
    <Dialog
      onOpenChange={(isOpen) => !isOpen && onClose()}
      open
      title={error === null ? `${formatCount(traces.length)} traces in this file` : "This file was not read"}
    >
      {error !== null && <ErrorState problem={error} />}
      <ul className="grid gap-1">
        {traces.map((trace) => (
          <li key={trace.traceId}>
            <Link className="link" href={routes.trace(trace.traceId)}>
              {trace.rootOperation || trace.traceId}
            </Link>{" "}
            <span className="text-ink-3">
              {formatDuration(trace.durationUs)}, {formatCount(trace.spanCount)} spans
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
