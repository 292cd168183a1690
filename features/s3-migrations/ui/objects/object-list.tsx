"use client";

import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { RotateCcw, Search } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount } from "@/lib/format";
import type { ListedObject, ObjectsReply } from "../../contract";
import { adviceFor } from "../../domain/cause-advice";
import { filtersOf, type ObjectView } from "../../domain/object-view";
import { ObjectTable } from "./object-table";

/** Fewer rows than fill a screen while there may be more: the search goes on by itself, up to so many pages. */
const SCREENFUL = 40;
const PAGES_BY_ITSELF = 12;
/** What one command takes. */
const MOST_PICKED = 1000;

type ObjectListProps = {
  list: UseInfiniteQueryResult<InfiniteData<ObjectsReply>>;
  view: ObjectView;
  total: number | undefined;
  isSealed: boolean;
  isReported: boolean;
  picked: ReadonlySet<number>;
  canRetry: boolean;
  hrefOf: (objectId: number) => string;
  onPicked: (picked: ReadonlySet<number>) => void;
  onRetry: (objectIds: number[]) => void;
  onOpen: (objectId: number) => void;
  onClear: () => void;
};

/** What the filter finds, page by page; says how far it has looked, and how old it is. */
export function ObjectList(props: ObjectListProps) {
  const { list, view, picked, onPicked } = props;
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const pages = data?.pages ?? [];
  const objects = pages.flatMap((page) => page.objects);
  const goesOn =
    hasNextPage &&
    !isFetchingNextPage &&
    error === null &&
    objects.length < SCREENFUL &&
    pages.length < PAGES_BY_ITSELF;
  // Outside system: the server, which looks through a part of the inventory per page.
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const pick = (objectId: number) => {
    const next = new Set(picked);
    if (!next.delete(objectId) && next.size < MOST_PICKED) next.add(objectId);
    onPicked(next);
  };
  if (props.isReported) {
    return (
      <EmptyState icon={<Search />} title="The job keeps its objects">
        A job elsewhere reports this migration. What failed there stands on its page, by cause.
      </EmptyState>
    );
  }
  if (isPending) return <LoadingRows rows={12} rowHeightPx={32} />;
  if (data === undefined) return <ErrorState problem={error} onRetry={() => void list.refetch()} />;
  return (
    <>
      <Bar {...props} shown={objects.length} />
      {list.hasPreviousPage && <Earlier {...props} />}
      {objects.length > 0 && (
        <ObjectTable
          objects={objects}
          hrefOf={props.hrefOf}
          openId={view.object}
          onOpen={props.onOpen}
          picked={picked}
          onPick={pick}
          canPick={(object) => props.canRetry && isRetryable(object)}
          onNearEnd={() => {
            if (hasNextPage && !isFetchingNextPage && error === null) void fetchNextPage();
          }}
        />
      )}
      <End {...props} found={objects.length} lookedUpTo={lookedUpTo(pages, props.total)} />
    </>
  );
}

const isRetryable = ({ failure }: ListedObject): boolean =>
  failure !== null && adviceFor(failure.errorClass, failure.code).isRetryUseful;

/** How far the pages have looked: their last cursor is the number of an object. */
function lookedUpTo(pages: readonly ObjectsReply[], total = 0): number {
  const cursor = pages.at(-1)?.nextCursor;
  return cursor == null ? total : Math.min(total, cursor + 1);
}

function Bar({ list, shown, picked, canRetry, onPicked, onRetry }: ObjectListProps & { shown: number }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-1 text-sm text-ink-3 max-phone:px-3.5">
      {list.error === null ? (
        <span role="status">
          {formatCount(shown)} shown, read <RelativeTime at={list.dataUpdatedAt} />
        </span>
      ) : (
        <StaleNote at={list.dataUpdatedAt} reason="the next page could not be read" />
      )}
      <Button size="sm" variant="ghost" disabled={list.isFetching} onClick={() => void list.refetch()}>
        Read again
      </Button>
      {picked.size > 0 && (
        <span className="ml-auto flex flex-wrap items-center gap-2">
          <Button size="sm" variant="ghost" onClick={() => onPicked(new Set())}>
            Drop the choice
          </Button>
          <Button
            size="sm"
            variant="primary"
            disabled={!canRetry}
            icon={<RotateCcw aria-hidden />}
            onClick={() => onRetry([...picked])}
          >
            Retry {formatCount(picked.size)} picked
          </Button>
        </span>
      )}
    </div>
  );
}

function Earlier({ list }: ObjectListProps) {
  return (
    <Foot>
      <Button
        size="sm"
        variant="ghost"
        disabled={list.isFetchingPreviousPage}
        onClick={() => void list.fetchPreviousPage()}
      >
        {list.isFetchingPreviousPage ? "Reading…" : "Show the keys before"}
      </Button>
    </Foot>
  );
}

function End({
  list,
  view,
  total,
  isSealed,
  found,
  lookedUpTo: looked,
  onClear,
}: ObjectListProps & { found: number; lookedUpTo: number }) {
  const sofar = total === undefined ? "" : `Looked through ${formatCount(looked)} of ${formatCount(total)} objects`;
  if (list.isFetchingNextPage) return <Foot>{found === 0 ? `${sofar}…` : "Reading on…"}</Foot>;
  if (list.error !== null) {
    return <ErrorState problem={list.error} onRetry={() => void list.fetchNextPage()} />;
  }
  if (list.hasNextPage) {
    return (
      <Foot>
        {sofar}.
        <Button size="sm" onClick={() => void list.fetchNextPage()}>
          Look further
        </Button>
      </Foot>
    );
  }
  if (found > 0) return <Foot>That is all{filtersOf(view) === 0 ? "" : " that fits"}.</Foot>;
  if (!isSealed) {
    return (
      <EmptyState icon={<Search />} title="Not listed yet">
        The source is being listed. Its objects stand here once the listing is sealed.
      </EmptyState>
    );
  }
  const isNarrowed = filtersOf(view) > 0 || view.from !== "";
  return (
    <EmptyState
      icon={<Search />}
      title={isNarrowed ? "No object fits" : "The inventory is empty"}
      action={isNarrowed ? <Button onClick={onClear}>Clear the filters</Button> : undefined}
    >
      {isNarrowed
        ? "Keys are compared byte for byte; only “contains” takes letters in either case."
        : "The source has nothing in it that is an object."}
    </EmptyState>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return (
    <p className="flex min-h-10 flex-wrap items-center justify-center gap-3 px-4 py-2 text-sm text-ink-3">{children}</p>
  );
}
