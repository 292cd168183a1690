"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { toShownName } from "@/lib/viewer-name";
import type { ActivityEvent } from "../contract";
import { describeActivity } from "../domain/describe-activity";
import { activityQuery } from "../queries";
import { ActivityFilterBar, toActivityFilter } from "./activity-filter";

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Who did what and when, newest first, by day of the reader's zone. */
export function ActivityScreen() {
  const filter = toActivityFilter(useSearchParams());
  const isFiltered = Object.keys(filter).length > 0;
  const activity = useInfiniteQuery(activityQuery(filter));
  const events = activity.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <>
      <PageHeader
        title="Activity"
        meta="Who did what, and when"
        actions={activity.isError && events.length > 0 && <StaleNote at={activity.dataUpdatedAt} />}
      />
      <ActivityFilterBar filter={filter} />
      {activity.isPending && (
        <Card aria-busy>
          <LoadingRows rows={12} rowHeightPx={40} />
        </Card>
      )}
      {activity.isError && events.length === 0 && (
        <Card>
          <ErrorState problem={activity.error} onRetry={() => void activity.refetch()} />
        </Card>
      )}
      {activity.isSuccess && events.length === 0 && (
        <Card>
          <EmptyState
            icon={<History />}
            title={isFiltered ? "Nothing of this has been done" : "Nothing has been done yet"}
          >
            {isFiltered
              ? "Choose everybody and everything to see all that was done."
              : "Starting a run, pausing a migration, loading sample data: each leaves a line here, with who and when."}
          </EmptyState>
        </Card>
      )}
      {groupByDay(events).map(({ day, events: ofDay }) => (
        <Card key={day} className="mb-4" aria-label={day}>
          <CardHeader title={day} />
          <ol>
            {ofDay.map((event) => (
              <ActivityRow key={event.id} event={event} />
            ))}
          </ol>
        </Card>
      ))}
      {activity.hasNextPage && (
        <Button disabled={activity.isFetchingNextPage} onClick={() => void activity.fetchNextPage()}>
          {activity.isFetchingNextPage ? "Reading…" : "Older"}
        </Button>
      )}
    </>
  );
}

function ActivityRow({ event }: { event: ActivityEvent }) {
  const { verb, object, href, said } = describeActivity(event);
  return (
    <li className="grid min-h-10 grid-cols-[76px_minmax(0,1fr)_auto] items-center gap-x-3 border-t border-line px-4 py-1.5 touch:min-h-11 max-phone:grid-cols-[64px_minmax(0,1fr)] max-phone:px-3.5">
      <time dateTime={event.at} className="text-ink-3">
        {TIME.format(Date.parse(event.at))}
      </time>
      <span className="min-w-0 break-words">
        <span className="font-[550]">{toShownName(event.actor)}</span> <span className="text-ink-2">{verb}</span>{" "}
        {href === undefined ? (
          object
        ) : (
          <Link href={href} className="link break-all touch:inline-block touch:py-3.5">
            {object}
          </Link>
        )}
        {said !== "" && <span className="text-ink-2">: “{said}”</span>}
      </span>
      <RelativeTime at={event.at} className="text-sm whitespace-nowrap text-ink-3 max-phone:hidden" />
    </li>
  );
}

function groupByDay(events: readonly ActivityEvent[]): { day: string; events: ActivityEvent[] }[] {
  const groups: { day: string; events: ActivityEvent[] }[] = [];
  for (const event of events) {
    const day = DAY.format(Date.parse(event.at));
    const last = groups.at(-1);
    if (last?.day === day) last.events.push(event);
    else groups.push({ day, events: [event] });
  }
  return groups;
}
