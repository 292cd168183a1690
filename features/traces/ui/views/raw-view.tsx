"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { formatBytes } from "@/lib/format";
import { VIEW_NAMES } from "../../domain/views/trace-views";
import { traceDownloadUrl } from "../../queries";
import { RawText } from "./raw-text-pane";
import { useRawDocument } from "./use-raw-document";
import { ViewCard } from "./view-card";
import type { ViewProps } from "./view-props";

/** The trace as OTLP JSON, as its file has it: found in, walked span by span, copied and downloaded. */
export function RawView(props: ViewProps) {
  const { trace, state, dispatch } = props;
  const [attempt, setAttempt] = useState(0);
  const raw = useRawDocument({ traceId: trace.traceId, version: trace.version, attempt });
  return (
    <ViewCard
      dispatch={dispatch}
      footer={<Footer />}
      hiddenServices={state.hiddenServices}
      label="Raw OTLP"
      meta={<Downloads traceId={trace.traceId} />}
      trace={trace.skeleton}
      withoutServices
    >
      {raw.status === "ready" && <RawText {...props} document={raw.document} />}
      {raw.status === "failed" && (
        <ErrorState onRetry={() => setAttempt(attempt + 1)} problem={raw.problem}>
          <p>The other views of this trace still work.</p>
        </ErrorState>
      )}
      {raw.status === "loading" && (
        <>
          <p className="px-3 py-2 text-sm text-ink-3" role="status">
            {raw.receivedBytes === 0 ? "Reading the file" : `${formatBytes(raw.receivedBytes)} read`}
          </p>
          <LoadingRows rowHeightPx={18} rows={24} />
        </>
      )}
    </ViewCard>
  );
}

function Downloads({ traceId }: { traceId: string }) {
  return (
    <span className="inline-flex flex-wrap gap-2">
      <Button asChild icon={<Download aria-hidden />} size="sm">
        <a download href={traceDownloadUrl(traceId, "otlp")}>
          OTLP JSON
        </a>
      </Button>
      <Button asChild icon={<Download aria-hidden />} size="sm">
        <a download href={traceDownloadUrl(traceId, "jaeger")}>
          Jaeger JSON
        </a>
      </Button>
    </span>
  );
}

function Footer() {
  return (
    <>
      <span>the whole file, whatever the query and the services shown</span>
      <span className="ml-auto max-phone:hidden">
        <Kbd>j</Kbd> <Kbd>k</Kbd> span, <Kbd>↵</Kbd> details, <Kbd>s</Kbd> search the text, <Kbd>e</Kbd> next error,{" "}
        <Kbd>n</Kbd> next match, <Kbd>1</Kbd>–<Kbd>{VIEW_NAMES.length}</Kbd> view
      </span>
    </>
  );
}
