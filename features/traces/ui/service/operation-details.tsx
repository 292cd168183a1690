"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { serviceStyle } from "@/components/ui/service-style";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import { toTimeWindow } from "@/lib/time-range";
import { US_PER_MS } from "@/lib/units";
import type { CriticalPathReply, RedReply, TraceSummary } from "../../contract";
import { releaseSides, speedSides, timeSides, toAddress } from "../../domain/compare-view/compare-side";
import { markOfStep } from "../../domain/compare-view/step-mark";
import { sumByStep } from "../../domain/service-view/flame-layout";
import type { OperationRow } from "../../domain/service-view/operation-rows";
import { findingsQuery } from "../../queries";
import { criticalPathQuery, slowestQuery } from "../group-queries";
import type { RunbookSlot } from "../runbook-slot";
import { MiniHistogramPicture } from "./mini-histogram-picture";
import { QUANTILES } from "./quantiles";

const SLOWEST = 20;
const LISTED = 5;
const NAMED_STEPS = 3;
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

type OperationDetailsProps = { reply: RedReply; row: OperationRow; Runbooks: RunbookSlot };

/** Why the slowest requests of an operation are slow, which they are, and where to go on. */
export function OperationDetails({ reply, row, Runbooks }: OperationDetailsProps) {
  const range = useTimeRange();
  const of = { service: reply.service, operation: row.operation, range, limit: SLOWEST };
  const slowest = useQuery(slowestQuery(of));
  const flame = useQuery(criticalPathQuery(of));
  const traces = slowest.data?.traces.slice(0, LISTED) ?? [];
  return (
    <>
      <div className="grid grid-cols-[minmax(220px,320px)_minmax(0,1fr)_minmax(150px,180px)] gap-x-6 gap-y-3 px-4 py-3 max-tablet:grid-cols-[minmax(0,1fr)]">
        <div>
          <MiniHistogramPicture height={112} row={row} width={300} />
          <p className="mt-1 text-sm text-ink-2">{changeText(row)}</p>
          <OtherQuantiles row={row} />
        </div>
        <div className="min-w-0">
          {traces[0] !== undefined && (
            <WhySlow name={row.isInner ? "Slowest trace with it" : "Slowest request"} slowest={traces[0]} />
          )}
          {flame.data !== undefined && (
            <WhereTime flame={flame.data} what={row.isInner ? "slowest traces" : "slowest"} />
          )}
          {slowest.isPending && <LoadingRows rowHeightPx={26} rows={LISTED} />}
          {slowest.isError && <ErrorState onRetry={() => void slowest.refetch()} problem={slowest.error} />}
          {slowest.data !== undefined && <SlowestList flame={flame.data} text={slowest.data.text} traces={traces} />}
        </div>
        <Actions reply={reply} row={row} />
      </div>
      <RunbooksFor Runbooks={Runbooks} operation={row.operation} service={reply.service} slowest={traces[0]} />
    </>
  );
}

/** Where the columns that tell them have no room. */
function OtherQuantiles({ row }: { row: OperationRow }) {
  const { quantiles } = row.now;
  if (quantiles === null) return null;
  return (
    <p className="mt-0.5 hidden text-sm text-ink-2 max-phone:block">
      {QUANTILES.filter(({ name }) => name !== "p95")
        .map(({ name, key }) => `${name} ${formatDuration(quantiles[key])}`)
        .join(", ")}
    </p>
  );
}

type RunbooksForProps = {
  Runbooks: RunbookSlot;
  service: string;
  operation: string;
  slowest: TraceSummary | undefined;
};

/** The procedures for this operation and for what its slowest request suffers from. */
function RunbooksFor({ Runbooks, service, operation, slowest }: RunbooksForProps) {
  const findings = useQuery({
    ...findingsQuery({ traceId: slowest?.traceId ?? "", version: "" }),
    enabled: slowest !== undefined,
  });
  const reply = findings.data;
  const finding = reply?.verdict.isConfident ? reply.findings[0]?.kind : undefined;
  return <Runbooks finding={finding} operation={operation} service={service} traceId={slowest?.traceId} />;
}

function changeText({ now, before, p95Ratio, addedWaitPerMinute }: OperationRow): string {
  const p95 = now.quantiles === null ? "p95 not known" : `p95 ${formatDuration(now.quantiles.p95Us)}`;
  if (before?.quantiles == null || p95Ratio === null) return `${p95}. Nothing to compare with.`;
  const wait =
    Math.abs(addedWaitPerMinute) < 0.1
      ? ""
      : ` Callers wait ${formatDuration(Math.abs(addedWaitPerMinute) * 1e6)} a minute ${addedWaitPerMinute > 0 ? "more" : "less"} in all.`;
  return `${p95}, was ${formatDuration(before.quantiles.p95Us)}.${wait}`;
}

/** The verdict of the slowest request, as its own page tells it. */
function WhySlow({ slowest, name }: { slowest: TraceSummary; name: string }) {
  const findings = useQuery(findingsQuery({ traceId: slowest.traceId, version: "" }));
  const reply = findings.data;
  const [first] = reply?.findings ?? [];
  if (reply === undefined)
    return (
      <p className="min-h-[38px] text-md text-ink-3">
        {findings.isError ? "Why the slowest request is slow could not be told." : "Reading the slowest request …"}
      </p>
    );
  return (
    <p className="min-h-[38px] max-w-[90ch] text-md text-pretty [overflow-wrap:anywhere]">
      <b className="font-semibold">{name}: </b>
      {reply.verdict.isConfident && first !== undefined ? first.sentence : reply.verdict.sentence}{" "}
      <Link className="link" href={routes.trace(slowest.traceId)} prefetch={false}>
        Open it
      </Link>
    </p>
  );
}

type NamedStep = ReturnType<typeof sumByStep>[number] & { colour: string };

/** The steps in which the slowest requests wait most, all together, each with the colour of what it waits for. */
function nameSteps(flame: CriticalPathReply): NamedStep[] {
  const systems = [...new Set(flame.frames.flatMap(({ service, detail }) => [service, detail]))].filter(
    (name) => name !== "" && !/\s/.test(name),
  );
  return sumByStep(flame)
    .slice(0, NAMED_STEPS)
    .map((step) => ({
      ...step,
      colour: `var(--${serviceStyle(markOfStep(step, [...systems, "postgresql", "redis"])).colour})`,
    }));
}

const keyOf = ({ service, name, detail }: Pick<NamedStep, "service" | "name" | "detail">) =>
  JSON.stringify([service, name, detail]);

/** One bar: where the critical paths of the slowest requests lie, together. */
function WhereTime({ flame, what }: { flame: CriticalPathReply; what: string }) {
  const named = nameSteps(flame);
  const restShare = 1 - named.reduce((sum, { share }) => sum + share, 0);
  if (flame.traceCount === 0) return null;
  return (
    <div className="mt-2">
      <p className="text-sm text-ink-2">
        Where the {formatCount(flame.traceCount)} {what} wait:
      </p>
      <div aria-hidden className="mt-1 flex h-3 overflow-hidden rounded-[2px]">
        {named.map((step) => (
          <i
            className="border-r border-surface"
            key={keyOf(step)}
            style={{ width: `${step.share * 100}%`, background: step.colour }}
          />
        ))}
        <i className="grow bg-line-strong" />
      </div>
      <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
        {named.map((step) => (
          <li className="inline-flex min-w-0 items-center gap-1.5" key={keyOf(step)}>
            <i aria-hidden className="size-2.5 shrink-0 rounded-[2px]" style={{ background: step.colour }} />
            <span className="truncate">
              {formatShare(step.share)} {step.name}
            </span>
          </li>
        ))}
        {restShare > 0.005 && <li className="text-ink-3">{formatShare(restShare)} the rest</li>}
      </ul>
    </div>
  );
}

type SlowestListProps = { traces: readonly TraceSummary[]; text: string; flame: CriticalPathReply | undefined };

function SlowestList({ traces, text, flame }: SlowestListProps) {
  const named = flame === undefined ? [] : nameSteps(flame);
  const splits = new Map(flame?.requests.map((request) => [request.traceId, request]));
  const longestUs = traces.reduce((most, { durationUs }) => Math.max(most, durationUs), 1);
  return (
    <>
      <ul className="mt-2">
        {traces.map(({ traceId, startUs, durationUs, spanCount, errorSpanCount }) => (
          <li
            className="grid h-[26px] grid-cols-[110px_64px_minmax(40px,1fr)_84px_72px] items-center gap-2 text-sm touch:h-11 max-phone:grid-cols-[100px_minmax(20px,1fr)_72px]"
            key={traceId}
          >
            <Link
              className="link mono touch:inline-flex touch:min-h-11 touch:items-center"
              href={routes.trace(traceId)}
              prefetch={false}
            >
              {traceId.slice(0, 12)}
            </Link>
            <span className="text-ink-3 max-phone:hidden" suppressHydrationWarning>
              {CLOCK.format(startUs / US_PER_MS)}
            </span>
            <span className="block h-2.5">
              <SplitBar named={named} share={durationUs / longestUs} split={splits.get(traceId)} />
            </span>
            <span className="text-right text-ink-3 max-phone:hidden">
              {errorSpanCount > 0 ? `× ${formatCount(errorSpanCount)} failed` : `${formatCount(spanCount)} spans`}
            </span>
            <b className="text-right font-semibold tabular-nums">{formatDuration(durationUs)}</b>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-xs text-ink-3">{text}</p>
    </>
  );
}

type SplitBarProps = {
  share: number;
  split: CriticalPathReply["requests"][number] | undefined;
  named: readonly NamedStep[];
};

/** A request as long as its duration, split by where its time goes; grey where its steps are not known. */
function SplitBar({ share, split, named }: SplitBarProps) {
  const parts = named.flatMap(({ name, colour, ...step }) => {
    const ownUs = split?.steps.find((one) => keyOf(one) === keyOf({ name, ...step }))?.ownUs ?? 0;
    return split === undefined || ownUs === 0
      ? []
      : [{ name, colour, partShare: ownUs / Math.max(1, split.durationUs) }];
  });
  return (
    <span className="flex h-full overflow-hidden rounded-[1px]" style={{ width: `${share * 100}%` }}>
      {parts.map(({ name, colour, partShare }) => (
        <i
          className="border-r border-surface"
          key={`${name} ${colour}`}
          style={{ width: `${Math.min(1, partShare) * 100}%`, background: colour }}
          title={`${name}: ${formatShare(partShare)}`}
        />
      ))}
      <i className="grow bg-line-strong" />
      <span className="sr-only">
        {parts.map(({ name, partShare }) => `${formatShare(partShare)} ${name}`).join(", ")}
      </span>
    </span>
  );
}

function Actions({ reply, row }: { reply: RedReply; row: OperationRow }) {
  const range = useTimeRange();
  const subject = { service: reply.service, operation: row.operation };
  const fromMs = reply.window.startUs / US_PER_MS;
  const window = { fromMs, toMs: reply.window.endUs / US_PER_MS };
  const deploy = reply.against?.deploy ?? reply.deploys[0];
  const change = deploy == null ? timeSides(subject, window) : releaseSides(subject, deploy, window);
  const speed =
    // Sides are told apart by how long their traces' requests took, not by spans within.
    row.now.quantiles === null || row.isInner
      ? undefined
      : speedSides(
          subject,
          toTimeWindow({ from: Math.floor(window.fromMs), to: Math.ceil(window.toMs) }, window.toMs),
          row.now.quantiles,
        );
  const links = [
    {
      label: deploy == null ? "Compare with before" : "Before and after",
      href: routes.compare({ ...toAddress(change), ...range }),
    },
    ...(speed === undefined
      ? []
      : [{ label: "Slow beside fast", href: routes.compare({ ...toAddress(speed), ...range }) }]),
    { label: "Critical paths", href: routes.criticalPath({ ...subject, ...range }) },
    { label: "All its traces", href: routes.traces({ ...subject, ...range }) },
  ];
  return (
    <div className="flex flex-col gap-2 max-tablet:flex-row max-tablet:flex-wrap">
      {links.map(({ label, href }) => (
        <Button asChild key={label} size="sm">
          <Link href={href} prefetch={false}>
            {label}
          </Link>
        </Button>
      ))}
    </div>
  );
}
