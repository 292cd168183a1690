import { ChevronRight } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { nameOf } from "../../domain/span-text";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { type FlameFrames, NO_FRAME, wayTo } from "../../domain/views/flame-frames";

/** Longer ways are told by their first and last frames. */
const FIRST = 1;
const LAST = 3;

type FlameWayProps = {
  trace: TraceSkeleton;
  frames: FlameFrames;
  root: number;
  onZoom: (frame: number) => void;
};

/** The way to the frame the flame is zoomed to; each step zooms out to it. */
export function FlameWay({ trace, frames, root, onZoom }: FlameWayProps) {
  const way = wayTo(frames, root);
  const isLong = way.length > FIRST + LAST + 1;
  const shown = isLong ? [...way.slice(0, FIRST), ...way.slice(-LAST)] : way;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2">
      <nav aria-label="Way to the frame" className="min-w-0 flex-1">
        <ol className="flex min-w-0 items-center gap-0.5 text-sm whitespace-nowrap">
          <li className="shrink-0">
            {root === NO_FRAME ? (
              <span className="px-1 font-medium">Whole trace</span>
            ) : (
              <Step onPress={() => onZoom(NO_FRAME)} text="Whole trace" />
            )}
          </li>
          {shown.map((frame, at) => (
            <li className="flex min-w-0 shrink items-center gap-0.5" key={frame}>
              <ChevronRight aria-hidden className="size-3 shrink-0 text-ink-3" />
              {isLong && at === FIRST && (
                <>
                  <span className="text-ink-3" title={`${way.length - FIRST - LAST} more`}>
                    …
                  </span>
                  <ChevronRight aria-hidden className="size-3 shrink-0 text-ink-3" />
                </>
              )}
              {frame === root ? (
                <span aria-current="true" className="truncate px-1 font-medium">
                  {labelOf(trace, frames, frame)}
                </span>
              ) : (
                <Step onPress={() => onZoom(frame)} text={labelOf(trace, frames, frame)} />
              )}
            </li>
          ))}
        </ol>
      </nav>
      {root !== NO_FRAME && (
        <Button onClick={() => onZoom(NO_FRAME)} size="sm" variant="ghost">
          Show all <Kbd>0</Kbd>
        </Button>
      )}
    </div>
  );
}

const labelOf = (trace: TraceSkeleton, frames: FlameFrames, frame: number): string =>
  nameOf(trace, frames.longest[frame] ?? 0);

function Step({ text, onPress }: { text: string; onPress: () => void }) {
  return (
    <button
      className="link max-w-full truncate rounded-sm px-1 touch:min-h-11"
      onClick={onPress}
      title={`Zoom out to ${text}`}
      type="button"
    >
      {text}
    </button>
  );
}
