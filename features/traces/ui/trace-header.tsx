"use client";

import { Download, Link2 } from "lucide-react";
import { useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { CopyButton } from "@/components/ui/copy-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { formatAbsolute, RelativeTime } from "@/components/ui/relative-time";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import { type Trace, traceDownloadUrl } from "../queries";
import { TraceBadges } from "./trace-badges";

/** What this trace is: root operation, time, id, when, how much, and how far it can be trusted. */
export function TraceHeader({ trace }: { trace: Trace }) {
  const { facts, skeleton, traceId } = trace;
  const startedAtMs = skeleton.startUs / US_PER_MS;
  const operation = facts.rootOperation || "Root span missing";
  const shortId = traceId.startsWith("upload-") ? traceId.slice(7, 15) : traceId.slice(0, 8);
  return (
    <section aria-label="Trace" className="[&>header]:mb-1">
      <PageHeader
        actions={<TraceActions traceId={traceId} />}
        breadcrumb={[{ label: "Traces", href: routes.traces() }, { label: operation }, { label: shortId }]}
        title={
          <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-2.5">
            <span className="inline-flex min-w-0 items-baseline gap-2.5">
              <ServiceMark labelled service={facts.rootService || "unknown"} size={12} />
              <bdi className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]" title={operation}>
                {operation}
              </bdi>
            </span>
            <span className="whitespace-nowrap">{formatDuration(skeleton.durationUs)}</span>
          </span>
        }
      />
      <div className="mb-2.5 flex flex-wrap items-center gap-x-3.5 gap-y-1 text-sm text-ink-2">
        <span className="inline-flex items-center gap-1">
          <span className="mono" title={traceId}>
            {traceId.length > 20 ? `${traceId.slice(0, 8)}…${traceId.slice(-8)}` : traceId}
          </span>
          <CopyButton iconOnly label="the trace id" text={traceId} />
        </span>
        <span suppressHydrationWarning>
          {formatAbsolute(startedAtMs)} (<RelativeTime at={startedAtMs} />)
        </span>
        <span>
          {formatCount(skeleton.spanCount)} {skeleton.spanCount === 1 ? "span" : "spans"}
        </span>
        <span>
          {formatCount(facts.services.length)} {facts.services.length === 1 ? "service" : "services"}
        </span>
        <span className={facts.errorSpanCount > 0 ? "font-semibold text-bad" : ""}>
          {facts.errorSpanCount > 0 ? "× " : ""}
          {formatCount(facts.errorSpanCount)} {facts.errorSpanCount === 1 ? "error" : "errors"}
        </span>
        {trace.origin.kind === "upload" && (
          <Chip title={`Uploaded by ${trace.origin.uploadedBy}`}>file {trace.origin.fileName}</Chip>
        )}
        <TraceBadges trace={trace} />
      </div>
    </section>
  );
}

function TraceActions({ traceId }: { traceId: string }) {
  return (
    <>
      <CopyLinkButton />
      <Menu
        label="Download this trace"
        trigger={
          <Button icon={<Download aria-hidden />} size="sm">
            Download
          </Button>
        }
      >
        <MenuItem asChild>
          <a download href={traceDownloadUrl(traceId, "otlp")}>
            OTLP JSON
          </a>
        </MenuItem>
        <MenuItem asChild>
          <a download href={traceDownloadUrl(traceId, "jaeger")}>
            Jaeger JSON
          </a>
        </MenuItem>
      </Menu>
    </>
  );
}

/** The address at the moment of the click holds the selected span. */
function CopyLinkButton() {
  const [said, setSaid] = useState("Copy link");
  const handleClick = () => {
    navigator.clipboard.writeText(window.location.href).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed"),
    );
  };
  return (
    <Button icon={<Link2 aria-hidden />} onBlur={() => setSaid("Copy link")} onClick={handleClick} size="sm">
      <span aria-live="polite">{said}</span>
    </Button>
  );
}
