"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { Suspense, useState } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { Awaited } from "@/components/states/awaited";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import { Skeleton } from "@/components/ui/skeleton";
import { routes } from "@/lib/routes";
import { toTimeWindow } from "@/lib/time-range";
import type { CompareSideQuery } from "../contract";
import {
  type CompareSides,
  modeOf,
  nameOfSide,
  parseSide,
  subjectOf,
  toAddress,
  toSideText,
} from "../domain/compare-view/compare-side";
import { clock } from "./compare/clock";
import { CompareHead } from "./compare/compare-head";
import { toModeChoices } from "./compare/compare-modes";
import { VersionsNote } from "./compare/versions-note";
import { compareQuery, deploysQuery } from "./group-queries";

// Half of the page draws an answer that takes a second: its code comes meanwhile.
const CompareBody = lazyPart(() => import("./compare/compare-body").then((parts) => parts.CompareBody));
const CompareStart = lazyPart(() => import("./compare/compare-start").then((parts) => parts.CompareStart));
const SideDialog = lazyPart(() => import("./compare/side-form").then((parts) => parts.SideDialog));
const ReportDialog = lazyPart(() => import("./compare/report-dialog").then((parts) => parts.ReportDialog));

/** Two traces or two groups of requests, lined up step by step. Both sides are in the address. */
export function CompareScreen({ repositoryUrl }: { repositoryUrl: string | null }) {
  const router = useRouter();
  const params = useSearchParams();
  const range = useTimeRange();
  const [dialog, setDialog] = useState<"a" | "b" | "report" | undefined>(undefined);
  const [draft, setDraft] = useState<Partial<CompareSides>>({});
  const a = parseSide(params.get("a"));
  const b = parseSide(params.get("b"));
  const goTo = (sides: CompareSides) => {
    setDialog(undefined);
    const { range: shown, from, to } = range;
    router.push(routes.compare({ ...toAddress(sides), range: shown, from, to }), { scroll: false });
  };
  const choose = (side: CompareSideQuery) => {
    const next: Partial<CompareSides> = {
      ...(a && { a }),
      ...(b && { b }),
      ...draft,
      [dialog === "b" ? "b" : "a"]: side,
    };
    if (next.a !== undefined && next.b !== undefined) return goTo({ a: next.a, b: next.b });
    setDraft(next);
    setDialog(dialog === "a" ? "b" : "a");
  };
  const isSide = dialog === "a" || dialog === "b";
  return (
    <>
      {a === undefined || b === undefined ? (
        <Suspense fallback={<CompareLoading />}>
          <CompareStart
            onPick={() => setDialog("a")}
            onSides={goTo}
            problem={
              params.get("a") === null && params.get("b") === null ? undefined : "The address does not name two sides."
            }
            window={() => toTimeWindow(range, Date.now())}
          />
        </Suspense>
      ) : (
        <Compared
          isReporting={dialog === "report"}
          onPick={setDialog}
          onReport={(isOpen) => setDialog(isOpen ? "report" : undefined)}
          onSides={goTo}
          repositoryUrl={repositoryUrl}
          sides={{ a, b }}
        />
      )}
      <Suspense>
        {isSide && (
          <SideDialog
            key={dialog}
            onChoose={choose}
            onClose={() => setDialog(undefined)}
            side={{ a, b, ...draft }[dialog]}
            title={dialog === "a" ? "Before" : "After"}
          />
        )}
      </Suspense>
    </>
  );
}

type ComparedProps = {
  sides: CompareSides;
  /** Where commits are listed and issues drafted; null where none is set. */
  repositoryUrl: string | null;
  isReporting: boolean;
  onSides: (sides: CompareSides) => void;
  onPick: (side: "a" | "b") => void;
  onReport: (isOpen: boolean) => void;
};

function Compared({ sides, repositoryUrl, isReporting, onSides, onPick, onReport }: ComparedProps) {
  const range = useTimeRange();
  const asked = compareQuery({ before: toSideText(sides.a), after: toSideText(sides.b) });
  const query = useQuery({ ...asked, placeholderData: keepPreviousData });
  const subject = subjectOf(sides);
  const deploys = useQuery(deploysQuery(subject?.service ?? ""));
  const [openedAtMs] = useState(() => Date.now());
  const mode = modeOf(sides);
  const names = { before: nameOfSide(sides.a, mode, clock), after: nameOfSide(sides.b, mode, clock) };
  const isOld = query.isPlaceholderData;
  const reply = isOld ? undefined : query.data;
  useShortcuts({ s: () => onSides({ a: sides.b, b: sides.a }) });
  return (
    <>
      <CompareHead
        modes={toModeChoices({ sides, reply, deploys: deploys.data ?? [], window: toTimeWindow(range, openedAtMs) })}
        names={names}
        onPick={onPick}
        onReport={() => onReport(true)}
        onSides={onSides}
        reply={reply}
        sides={sides}
      >
        <VersionsNote deploys={deploys.data ?? []} repositoryUrl={repositoryUrl} sides={sides} />
      </CompareHead>
      {query.data !== undefined && !(isOld && query.isError) ? (
        <Suspense fallback={<CompareLoading />}>
          <CompareBody isStale={isOld} names={names} onSides={onSides} reply={query.data} sides={sides} />
        </Suspense>
      ) : query.isError ? (
        <Card>
          <ErrorState onRetry={() => void query.refetch()} problem={query.error} />
        </Card>
      ) : (
        <Awaited
          isFetching={query.fetchStatus !== "idle"}
          onRetry={() => void query.refetch()}
          queryKey={asked.queryKey}
          waitsFor="the trace source sends up to 100 requests of each side, one by one"
        >
          <CompareLoading />
        </Awaited>
      )}
      <Suspense>
        {isReporting && reply !== undefined && (
          <ReportDialog
            names={names}
            onClose={() => onReport(false)}
            reply={reply}
            repositoryUrl={repositoryUrl}
            title={`${subject?.operation ?? subject?.service ?? "Two traces"}: ${names.before} and ${names.after}`}
          />
        )}
      </Suspense>
    </>
  );
}

/** The same boxes at the same sizes, and what is going on: up to 200 traces are read. */
function CompareLoading() {
  return (
    <div aria-busy className="grid gap-2.5">
      <Card className="px-4 py-3">
        <p className="text-ink-2" role="status">
          Reading up to 100 requests of each side …
        </p>
        <Skeleton className="mt-3 h-5 w-3/4" />
        <Skeleton className="mt-4 h-[72px]" />
      </Card>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(380px,440px)] gap-2.5 max-tablet:grid-cols-[minmax(0,1fr)]">
        <Card className="h-[278px] px-4 py-3">
          <Skeleton className="h-5 w-1/3" />
          <Skeleton className="mt-4 h-[200px]" />
        </Card>
        <Card>
          <LoadingRows rowHeightPx={25} rows={10} />
        </Card>
      </div>
      <Card>
        <LoadingRows rowHeightPx={24} rows={12} />
      </Card>
    </div>
  );
}
