"use client";

import { Copy } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount } from "@/lib/format";
import type { BubbleUpReply, Standout } from "../../contract";
import { liftText, type StandoutFilter, standoutFilter } from "../../domain/search-view/standout-terms";
import type { useBubbleUp } from "./use-bubble-up";

type BubbleUpCardProps = {
  bubbleUp: ReturnType<typeof useBubbleUp>;
  hasBrush: boolean;
  /** Asks where asking waits for the reader. */
  onAsk: () => void;
  /** Selects the slowest; undefined while nothing is known of durations. */
  onSlowest: (() => void) | undefined;
  onFilter: (filter: StandoutFilter) => void;
};

/** What the selected traces have more often than the others, counted in samples of both. */
export function BubbleUpCard({ bubbleUp, hasBrush, onAsk, onSlowest, onFilter }: BubbleUpCardProps) {
  const { query, cancel } = bubbleUp;
  const reply = hasBrush ? query.data : undefined;
  return (
    <Card
      aria-labelledby="apart"
      className={`flex flex-col desk:h-[310px] ${hasBrush || onSlowest !== undefined ? "" : "max-desk:hidden"}`}
    >
      <Head hasBrush={hasBrush} reply={reply} />
      <div aria-live="polite" className="min-h-0 grow overflow-y-auto">
        {!hasBrush ? (
          <Invitation onSlowest={onSlowest} />
        ) : reply !== undefined ? (
          <Standouts onFilter={onFilter} reply={reply} />
        ) : query.isFetching ? (
          <Reading onCancel={cancel} />
        ) : query.isError ? (
          <div className="grid gap-2 px-3 py-3">
            <p className="text-bad">{query.error.message}</p>
            <Button className="justify-self-start" onClick={() => void query.refetch()} size="sm">
              Try again
            </Button>
          </div>
        ) : (
          <div className="grid gap-2 px-3 py-3 text-ink-2">
            <p>Up to 100 of the selected traces and 100 of the others are read whole.</p>
            <Button className="justify-self-start" onClick={onAsk} size="sm" variant="primary">
              Find what sets them apart
            </Button>
          </div>
        )}
      </div>
      {reply !== undefined && <Samples reply={reply} />}
    </Card>
  );
}

/** Where the card stands below the plot, an invitation needs no head. */
function Head({ hasBrush, reply }: { hasBrush: boolean; reply: BubbleUpReply | undefined }) {
  const count = reply?.selected.seenCount;
  return (
    <header
      className={`flex min-h-10 items-center gap-2 border-b border-line px-3 max-phone:px-3.5 ${hasBrush ? "" : "max-desk:sr-only"}`}
    >
      <h2 className="text-md" id="apart">
        What sets {count === undefined ? "a selection" : `these ${formatCount(count)}`} apart
      </h2>
      {reply !== undefined && reply.standouts.length > 0 && (
        <IconButton
          className="ml-auto"
          label="Copy as text"
          onClick={() => void navigator.clipboard.writeText(asText(reply))}
        >
          <Copy aria-hidden />
        </IconButton>
      )}
    </header>
  );
}

function Invitation({ onSlowest }: { onSlowest: (() => void) | undefined }) {
  return (
    <div className="grid gap-3 px-3 py-3 text-ink-2 max-desk:flex max-desk:flex-wrap max-desk:items-center max-desk:justify-between max-desk:py-2 max-phone:px-3.5">
      <p className="desk:hidden">What do slow ones have in common?</p>
      <p className="max-desk:hidden">
        Drag over the plot to select traces, or press <b>b</b>. Here stands what they have more often than the others:
        attributes, releases, steps and repeated calls.
      </p>
      {onSlowest !== undefined && (
        <Button className="justify-self-start" onClick={onSlowest} size="sm">
          Select the slowest 5 %
        </Button>
      )}
    </div>
  );
}

function Reading({ onCancel }: { onCancel: () => void }) {
  return (
    <div className="grid gap-3 px-3 py-3" role="status">
      <div className="flex items-center justify-between gap-2 text-ink-2">
        <span>Reading up to 200 traces…</span>
        <Button onClick={onCancel} size="sm">
          Cancel
        </Button>
      </div>
      {["w-4/5", "w-3/5", "w-2/3", "w-1/2"].map((width) => (
        <Skeleton className={`h-6 ${width}`} key={width} />
      ))}
    </div>
  );
}

function Standouts({ reply, onFilter }: { reply: BubbleUpReply; onFilter: (filter: StandoutFilter) => void }) {
  if (reply.standouts.length === 0) {
    return (
      <p className="px-3 py-3 text-ink-2">
        {reply.selected.readCount === 0 || reply.baseline.readCount === 0
          ? "There is nothing to compare: the selection and the rest must both hold traces."
          : `Nothing differs beyond chance, of ${formatCount(reply.askedCount)} things compared.`}
      </p>
    );
  }
  return (
    <ol className="py-1">
      {reply.standouts.map((standout) => (
        <li key={standout.text}>
          <StandoutRow onFilter={onFilter} standout={standout} />
        </li>
      ))}
    </ol>
  );
}

const share = ({ hits, of }: Standout["selected"]): string => `${of === 0 ? 0 : (hits / of) * 100}%`;

function StandoutRow({ standout, onFilter }: { standout: Standout; onFilter: (filter: StandoutFilter) => void }) {
  const { kind, key, value, text, selected, baseline, lift, alsoKnownAs } = standout;
  const filter = standoutFilter(standout);
  return (
    <button
      aria-disabled={filter === undefined}
      className="grid w-full grid-cols-[minmax(0,1fr)_auto_46px] items-center gap-x-2 px-3 py-1 text-left hover:bg-sunken aria-disabled:cursor-default touch:min-h-11"
      onClick={() => filter !== undefined && onFilter(filter)}
      title={filter === undefined ? text : `${text}. Press to filter.`}
      type="button"
    >
      <span className="mono col-span-2 truncate text-xs">
        {kind === "attribute" ? (
          <>
            <span className="text-ink-3">{key} =</span> <b>{value}</b>
          </>
        ) : (
          <b>{text}</b>
        )}
        {alsoKnownAs.length > 0 && (
          <span className="font-sans text-ink-3" title={alsoKnownAs.join(", ")}>
            {" "}
            also {alsoKnownAs.join(", ")}
          </span>
        )}
      </span>
      <span className="col-start-3 row-span-2 row-start-1 text-right font-semibold tabular-nums">
        {liftText(lift)} ×
      </span>
      <span aria-hidden className="grid gap-px">
        <span className="block h-[5px] min-w-0.5 rounded-[1px] bg-accent" style={{ width: share(selected) }} />
        <span className="block h-1 min-w-0.5 rounded-[1px] border border-ink-3" style={{ width: share(baseline) }} />
      </span>
      <span className="text-right text-xs whitespace-nowrap text-ink-3 tabular-nums">
        <b className="text-ink">{selected.hits}</b> of {selected.of} vs {baseline.hits} of {baseline.of}
      </span>
    </button>
  );
}

/** How much was read, and what is the same on both sides. */
function Samples({ reply: { selected, baseline, alike, isWholeSearch } }: { reply: BubbleUpReply }) {
  const named = alike.slice(0, 4);
  return (
    <footer className="border-t border-line px-3 py-1.5 text-xs/[15px] text-ink-3">
      Read {selected.readCount} of {formatCount(selected.seenCount)} selected and {baseline.readCount} of{" "}
      {formatCount(baseline.seenCount)} others
      {isWholeSearch
        ? ""
        : `: the ${formatCount(selected.seenCount + baseline.seenCount)} newest that were found, and there are more`}
      .
      {named.length > 0 && (
        <>
          {" "}
          Same in both: <b title={alike.join(", ")}>{named.join(", ")}</b>
          {alike.length > named.length && ` and ${alike.length - named.length} more`}.
        </>
      )}
    </footer>
  );
}

function asText({ standouts, selected, baseline }: BubbleUpReply): string {
  const lines = standouts.map(
    (one) =>
      `${liftText(one.lift)} ×  ${one.text}  (${one.selected.hits} of ${one.selected.of} vs ${one.baseline.hits} of ${one.baseline.of})`,
  );
  return [`Read ${selected.readCount} selected and ${baseline.readCount} other traces.`, ...lines].join("\n");
}
