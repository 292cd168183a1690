"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX, Waypoints } from "lucide-react";
import { EmptyState } from "@/components/states/empty-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { formatShare } from "@/lib/format";
import { traceSourceQuery } from "../queries";
import type { SearchAddress } from "./search/use-search-view";

type NothingMatchesProps = {
  address: SearchAddress;
  hasFilter: boolean;
  /** Services of the reader's are known, so traces of them have come at some time. */
  hasServices: boolean;
  /** How much of the window a source that stopped answering has kept to itself. */
  unreadShare: number;
};

/** Nothing matched: say how far was looked, and offer the two ways to look further. */
export function NothingMatches({ address, hasFilter, hasServices, unreadShare }: NothingMatchesProps) {
  const isWide = address.range.range === "7d";
  return (
    <EmptyState
      action={
        <>
          {!isWide && <Button onClick={() => address.setRange("7d")}>Look at 7 days</Button>}
          {hasFilter && (
            <>
              {address.view.matches === "traces" && (
                <Button onClick={() => address.change({ matches: "spans" })}>Look inside traces</Button>
              )}
              <Button onClick={() => address.change({ line: "", matches: "traces" })}>Clear the filters</Button>
            </>
          )}
        </>
      }
      icon={<SearchX />}
      title={`${hasFilter ? "No trace matches" : "No traces"} in ${unreadShare > 0 ? "what could be read" : "this window"}`}
    >
      {unreadShare > 0 && (
        <p className="mb-1 text-warn">
          The trace source stopped answering; {formatShare(unreadShare)} of this window is not read.
        </p>
      )}
      <p>
        {hasFilter
          ? address.view.matches === "spans"
            ? "Operation, duration and attributes must all hold for the same span, spelt exactly."
            : "A duration is that of a whole trace, an operation that of its root span. Look inside traces to search their other spans."
          : hasServices
            ? "Services have sent traces before, but none that started in this time."
            : "None started in this time, as far as is known."}
      </p>
    </EmptyState>
  );
}

/** Nothing was ever received: what this page is for, and the exact lines that send traces. */
export function NoTracesYet({ otlpUrl }: { otlpUrl: string }) {
  const source = useQuery(traceSourceQuery());
  if (source.isPending) return <LoadingRows rows={4} />;
  const isElsewhere = source.data?.isEmbedded === false;
  return (
    <EmptyState
      icon={<Waypoints />}
      title={isElsewhere ? "Your Jaeger knows no services yet" : "No traces have arrived yet"}
    >
      <p>Here you find slow and failing requests, and open one to see where its time went.</p>
      {isElsewhere ? (
        <p className="mt-2">
          Send spans to the collector of <span className="mono">{source.data?.host}</span>; they show here a few seconds
          later.
        </p>
      ) : (
        <SendLines otlpUrl={otlpUrl} />
      )}
    </EmptyState>
  );
}

function SendLines({ otlpUrl }: { otlpUrl: string }) {
  const lines = `OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nOTEL_SERVICE_NAME=my-service`;
  return (
    <div className="mt-3 text-left">
      <div className="mb-1 flex items-end gap-3">
        <p className="min-w-0 grow text-sm text-ink-3">Environment of the app, any OpenTelemetry SDK:</p>
        <CopyButton label="the environment" text={lines} />
      </div>
      <pre className="mono rounded-md border border-line bg-sunken px-3 py-2.5 break-all whitespace-pre-wrap">
        {lines}
      </pre>
      <p className="mt-2 text-sm text-ink-3">Then send a request to the app. Spans show here a few seconds later.</p>
    </div>
  );
}
