import type { MouseEvent, ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph, type StateTone } from "@/components/ui/state-glyph";
import { formatBytes, formatCount } from "@/lib/format";
import type { ObjectDetail } from "../../contract";
import { objectStory, type StoryEvent } from "../../domain/object-story";
import { ERROR_CLASS_WORDS } from "../migration-words";
import { ObjectSection } from "./object-section";
import { OBJECT_WORDS, TIER_WORDS } from "./object-words";

type ObjectHistoryProps = {
  detail: ObjectDetail;
  hrefOf: (objectId: number) => string;
  onOpen: (objectId: number) => void;
};

/** What happened to it, oldest first, where it stands now, and its rows of other looks at the source. */
export function ObjectHistory({ detail, hrefOf, onOpen }: ObjectHistoryProps) {
  const { object, versions } = detail;
  const { label, tone } = OBJECT_WORDS[object.state];
  const isOpen = detail.failure !== null;
  return (
    <>
      <ObjectSection title="History">
        <ol className="grid gap-1.5">
          {objectStory(detail).map((event) => (
            <Event key={`${event.kind} ${event.at}`} event={event} />
          ))}
          {!isOpen && (
            <Line tone={tone} at={null}>
              <b className="font-[550]">{label}</b>
              {object.attempts > 0 &&
                ` after ${formatCount(object.attempts)} ${object.attempts === 1 ? "try" : "tries"}`}
              {object.tier !== null && `, ${TIER_WORDS[object.tier].note}`}
            </Line>
          )}
        </ol>
      </ObjectSection>
      {versions.length > 0 && (
        <ObjectSection title="The same key in other looks">
          <ul className="grid gap-1">
            {versions.map((version) => (
              <li key={version.objectId}>
                <a
                  className="link inline-flex min-h-6 items-center touch:min-h-11"
                  href={hrefOf(version.objectId)}
                  onClick={(event: MouseEvent) => {
                    if (event.metaKey || event.ctrlKey) return;
                    event.preventDefault();
                    onOpen(version.objectId);
                  }}
                >
                  Look {version.epoch}
                </a>
                , {formatBytes(version.sizeBytes)}, {OBJECT_WORDS[version.state].label.toLowerCase()}
              </li>
            ))}
          </ul>
        </ObjectSection>
      )}
    </>
  );
}

function Event({ event }: { event: StoryEvent }) {
  switch (event.kind) {
    case "listed":
      return (
        <Line tone="neutral" at={event.at}>
          {event.epoch === 0 ? "Listed at first" : `Found by look ${event.epoch} at the source`}
        </Line>
      );
    case "failed":
      return (
        <Line tone={event.isOpen ? "bad" : "neutral"} at={event.at}>
          {ERROR_CLASS_WORDS[event.errorClass]} <span className="mono text-ink-3">{event.code}</span>, {event.attempts}{" "}
          {event.attempts === 1 ? "try" : "tries"}
          {event.firstAt !== event.at && (
            <>
              , first <RelativeTime at={event.firstAt} />
            </>
          )}
        </Line>
      );
    case "retried":
      return (
        <Line tone="running" at={event.at}>
          Retried by {event.actor}
          {event.note !== null && <q className="ml-1">{event.note}</q>}
        </Line>
      );
    case "uploading":
      return (
        <Line tone="running" at={event.at}>
          Upload in parts begun
        </Line>
      );
  }
}

function Line({ tone, at, children }: { tone: StateTone; at: string | null; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[14px_minmax(0,1fr)_auto] items-baseline gap-x-2">
      <StateGlyph tone={tone} className="self-center" />
      <span className="min-w-0 text-ink-2 [overflow-wrap:anywhere]">{children}</span>
      <span className="text-sm text-ink-3">{at === null ? "" : <RelativeTime at={at} />}</span>
    </li>
  );
}
