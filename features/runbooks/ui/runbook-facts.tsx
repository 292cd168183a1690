import { FileText, GitBranch, UserRound } from "lucide-react";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import type { RunbookDetail } from "../contract";

/** Where the text comes from, whose it is and how fresh it is, in one line. */
export function RunbookFacts({ runbook }: { runbook: RunbookDetail }) {
  const { sourceState, commit, blob } = runbook;
  return (
    <div className="-mt-2 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-sm text-ink-2">
      <span className="inline-flex min-w-0 items-center gap-1.5 break-all">
        <FileText className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        <span className="mono">
          {runbook.source}/{runbook.path}
        </span>
      </span>
      <span
        className="inline-flex items-center gap-1.5"
        title={commit === null ? `Content ${blob}` : `Commit ${commit}, content ${blob}`}
      >
        <GitBranch className="size-3.5 text-ink-3" aria-hidden />
        <span className="mono">{(commit ?? blob).slice(0, 7)}</span>
      </span>
      <span>
        Changed <RelativeTime at={runbook.changedAt} />
        {runbook.changedBy !== null && ` by ${runbook.changedBy}`}
      </span>
      {runbook.owners.length > 0 && (
        <span className="inline-flex items-center gap-1.5">
          <UserRound className="size-3.5 text-ink-3" aria-hidden />
          {runbook.owners.join(", ")}
        </span>
      )}
      {runbook.status !== "active" && <Chip tone="warn">{runbook.status}</Chip>}
      {[...runbook.services, ...runbook.tags].map((word) => (
        <span key={word} className="rounded-sm border border-line px-1.5 text-xs/[18px]">
          {word}
        </span>
      ))}
      {sourceState.failure !== null && sourceState.syncedAt !== null && (
        <span className="inline-flex items-center gap-1.5 text-stale">
          <StateGlyph tone="stale" />
          The source cannot be read; this is from <RelativeTime at={sourceState.syncedAt} />
        </span>
      )}
    </div>
  );
}
