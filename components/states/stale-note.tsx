import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";

type StaleNoteProps = {
  /** When the shown values were last true, ISO or epoch ms. */
  at: string | number;
  /** Why nothing newer is there. */
  reason?: string;
};

/** Says how old the values beside it are. Grey those values with `text-stale`. */
export function StaleNote({ at, reason }: StaleNoteProps) {
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-stale">
      <StateGlyph tone="stale" />
      <span>
        As of <RelativeTime at={at} />
        {reason === undefined ? "" : `: ${reason}`}
      </span>
    </p>
  );
}
