import { FolderOpen, GitBranch } from "lucide-react";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import type { RunbookSource } from "../contract";

/** Where runbooks come from and how old what is shown may be; a source in trouble says so and what still works. */
export function SourceList({ sources }: { sources: RunbookSource[] }) {
  return (
    <>
      <ul className="-mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
        {sources.map((source) => (
          <li key={source.name} className="inline-flex min-w-0 items-center gap-1.5" title={source.location}>
            {source.kind === "git" ? (
              <GitBranch className="size-3.5 text-ink-3" aria-hidden />
            ) : (
              <FolderOpen className="size-3.5 text-ink-3" aria-hidden />
            )}
            <span className="mono">{source.name}</span>
            {source.ref !== null && source.ref !== "HEAD" && <span>{source.ref}</span>}
            {source.commit !== null && (
              <span>
                at <span className="mono">{source.commit.slice(0, 7)}</span>
              </span>
            )}
            {source.syncedAt !== null && source.failure === null && (
              <span className="text-ink-3">
                read <RelativeTime at={source.syncedAt} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {sources
        .filter(({ failure, notes }) => failure !== null || notes.length > 0)
        .map((source) => (
          <SourceTrouble key={source.name} source={source} />
        ))}
    </>
  );
}

function SourceTrouble({ source }: { source: RunbookSource }) {
  if (source.failure === null) {
    return (
      <p className="mt-2 flex items-center gap-2 text-sm text-ink-2">
        <StateGlyph tone="warn" />
        <span>
          <span className="mono">{source.name}</span>: {source.notes.join(" ")}
        </span>
      </p>
    );
  }
  return (
    <div role="status" className="mt-3 flex gap-2.5 rounded-lg border border-bad bg-bad-soft px-3 py-2">
      <StateGlyph tone="bad" className="mt-1" />
      <p className="min-w-0 break-words">
        <b className="font-semibold">{source.name} cannot be read.</b> {source.failure}{" "}
        {source.syncedAt === null ? (
          "It was never read so far."
        ) : (
          <>
            Shown is what was read <RelativeTime at={source.syncedAt} />.
          </>
        )}
      </p>
    </div>
  );
}
