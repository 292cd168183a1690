"use client";

import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { CopyButton } from "@/components/ui/copy-button";
import { formatAbsolute, RelativeTime } from "@/components/ui/relative-time";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import { toAddress, usualSides } from "../../domain/compare-view/compare-side";
import { outlastsAnswer } from "../../domain/length-note";
import { lengthOf } from "../../domain/length-of-trace";
import type { TraceTrust } from "../../domain/trace-trust";
import type { RootFacts } from "../../domain/verdict/root-facts";
import { visibleText } from "../../domain/visible-text";
import type { Trace } from "../../queries";
import { TraceActions, type TraceActionsProps } from "./trace-actions";
import { TrustBadges } from "./trust-badges";

type TraceHeadProps = TraceActionsProps & {
  trace: Trace;
  /** How long the caller waited. */
  durationUs: number;
  /** "13 × usual (174 ms) · 7th slowest of 1,104 in 6 h". */
  standing: readonly string[];
  root: RootFacts | undefined;
  badges: readonly TraceTrust[];
};

/** Beside other requests of its root operation; a trace without a root has none. */
function CompareLink({ trace: { traceId, facts, skeleton } }: { trace: Trace }) {
  const { rootService, rootOperation } = facts;
  const [openedAtMs] = useState(() => Date.now());
  if (rootService === "" || rootOperation === "") return null;
  const sides = usualSides({ traceId, rootService, rootOperation, startUs: skeleton.startUs, nowMs: openedAtMs });
  return (
    <Button asChild icon={<ArrowLeftRight aria-hidden />} size="sm">
      <Link
        href={routes.compare(toAddress(sides))}
        prefetch={false}
        suppressHydrationWarning
        title="Step by step beside other requests of this operation"
      >
        <span className="max-phone:sr-only">Compare with usual</span>
      </Link>
    </Button>
  );
}

/** What this trace is: root operation, time, how unusual, id, when, where, and how far it can be trusted. */
export function TraceHead({ trace, durationUs, standing, root, badges, ...actions }: TraceHeadProps) {
  const { facts, skeleton, traceId } = trace;
  const startedAtMs = skeleton.startUs / US_PER_MS;
  const operation = visibleText(facts.rootOperation) || "Root span missing";
  const shortId = traceId.startsWith("upload-") ? traceId.slice(7, 15) : traceId.slice(0, 8);
  return (
    <section aria-label="Trace" className="[&>header]:mb-1">
      <PageHeader
        actions={
          <>
            <CompareLink trace={trace} />
            <TraceActions {...actions} />
          </>
        }
        breadcrumb={[{ label: "Traces", href: routes.traces() }, { label: operation }, { label: shortId }]}
        meta={standing.length > 0 && <span className="text-sm text-ink-2">{standing.join(" · ")}</span>}
        title={
          <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-2.5">
            <span className="inline-flex min-w-0 items-baseline gap-2.5">
              <ServiceMark labelled service={facts.rootService || "unknown"} size={12} />
              <bdi className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]" title={operation}>
                {operation}
              </bdi>
            </span>
            <span className="whitespace-nowrap">{formatDuration(durationUs)}</span>
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
        {factsOf(trace, root, durationUs).map(([name, value]) => (
          <span className="max-phone:nth-[n+6]:hidden" key={name}>
            {COUNTED.has(name) ? (
              `${value} ${name}`
            ) : (
              <>
                {name} <b className="font-semibold [overflow-wrap:anywhere] text-ink">{value}</b>
              </>
            )}
          </span>
        ))}
        {facts.errorSpanCount > 0 && (
          <span className="font-semibold text-bad">
            × {formatCount(facts.errorSpanCount)} {facts.errorSpanCount === 1 ? "error" : "errors"}
          </span>
        )}
        {trace.origin.kind === "upload" && (
          <Chip title={`Uploaded by ${trace.origin.uploadedBy}`}>file {trace.origin.fileName}</Chip>
        )}
        <TrustBadges badges={badges} />
      </div>
    </section>
  );
}

/** Read better after their number. */
const COUNTED: ReadonlySet<string> = new Set(["span", "spans", "service", "services"]);

/** Facts in the order of their worth, named. */
export function factsOf(
  { facts, skeleton }: Trace,
  root: RootFacts | undefined,
  durationUs: number,
): [name: string, value: string][] {
  const length = { ...lengthOf(skeleton), requestUs: durationUs };
  const all: [string, string | undefined][] = [
    [skeleton.spanCount === 1 ? "span" : "spans", formatCount(skeleton.spanCount)],
    [facts.services.length === 1 ? "service" : "services", formatCount(facts.services.length)],
    ["HTTP", root?.httpStatus],
    ["release", root?.release],
    ["host", root?.host],
    ["environment", root?.environment],
    ["work went on until", outlastsAnswer(length) ? formatDuration(length.durationUs) : undefined],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] satisfies [string, string]]));
}
