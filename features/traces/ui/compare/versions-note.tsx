import { GitCompareArrows } from "lucide-react";
import type { Deploy } from "../../contract";
import { toCommitsLink, versionsBetween, versionsOf } from "../../domain/compare-view/commits-link";
import type { CompareSides } from "../../domain/compare-view/compare-side";

type VersionsNoteProps = { sides: CompareSides; deploys: readonly Deploy[]; repositoryUrl: string | null };

/** Between two releases: the versions that ran in between, and where their commits are listed. */
export function VersionsNote({ sides, deploys, repositoryUrl }: VersionsNoteProps) {
  const versions = versionsOf(sides);
  if (versions === undefined) return null;
  const between = versionsBetween(deploys, versions);
  const link = toCommitsLink(repositoryUrl, versions.before, versions.after);
  if (between.length === 0 && link === undefined) return null;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-ink-2">
      {link !== undefined && (
        <a
          className="link inline-flex items-center gap-1 touch:min-h-11"
          href={link}
          rel="noopener noreferrer"
          target="_blank"
        >
          <GitCompareArrows aria-hidden className="size-3.5" />
          Commits between
        </a>
      )}
      {between.length > 0 && (
        <span className="[overflow-wrap:anywhere]">
          {between.length === 1 ? "1 version" : `${between.length} versions`} in between:{" "}
          <bdi className="mono">{between.join(", ")}</bdi>
        </span>
      )}
    </p>
  );
}
