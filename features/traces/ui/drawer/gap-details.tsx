import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { nameOf } from "../../domain/span-text";
import type { TraceViewAction } from "../trace-view-state";
import type { WaterfallView } from "../use-waterfall";
import { Fact } from "./span-times";

type GapDetailsProps = { view: WaterfallView; gap: number; dispatch: (action: TraceViewAction) => void };

/** A gap: what is known of it, and what a trace cannot say. */
export function GapDetails({ view, gap, dispatch }: GapDetailsProps) {
  const { trace, plan, usual } = view;
  const parent = plan.gaps.parent[gap] ?? 0;
  const after = plan.gaps.after[gap] ?? -1;
  const before = plan.gaps.before[gap] ?? -1;
  const fromUs = plan.gaps.fromUs[gap] ?? 0;
  const toUs = plan.gaps.toUs[gap] ?? 0;
  const path = usual?.paths[usual.pathOfRow[parent] ?? -1];
  const link = (span: number) => (
    <Button onClick={() => dispatch({ type: "select", span })} size="sm" variant="ghost">
      <span className="truncate">{nameOf(trace, span)}</span>
    </Button>
  );
  return (
    <>
      <dl className="flex justify-between gap-3 border-b border-line px-3 py-2 text-xs text-ink-3">
        <Fact label={formatShare((toUs - fromUs) / Math.max(1, trace.durationUs))}>
          {formatDuration(toUs - fromUs)}
        </Fact>
        <Fact label="from">{formatDuration(fromUs)}</Fact>
        <Fact label="to">{formatDuration(toUs)}</Fact>
        {path !== undefined && <Fact label="usual own work">{formatDuration(path.ownUs.p50Us)}</Fact>}
      </dl>
      <Part title="What is known">
        <ul className="grid gap-1 text-sm">
          <li>It ran within {link(parent)}</li>
          {after !== -1 && <li>after {link(after)}</li>}
          {before !== -1 && <li>and before {link(before)}</li>}
        </ul>
      </Part>
      <Part title="What a trace cannot say">
        <p className="text-sm text-ink-2">
          Whether the code worked, waited for a lock, a connection or the garbage collector, or called something that is
          not instrumented. A profile of {nameOf(trace, parent)}, or a span around what happens here, would tell.
        </p>
      </Part>
    </>
  );
}

/** A step that is usually there: how usual, and what its absence can mean. */
export function MissingDetails({ view, step }: { view: WaterfallView; step: number }) {
  const { usual } = view;
  const path = usual?.paths[usual.missing[step]?.path ?? -1];
  if (usual === undefined || path === undefined) return null;
  return (
    <>
      <dl className="flex justify-between gap-3 border-b border-line px-3 py-2 text-xs text-ink-3">
        <Fact label="usually takes">{formatDuration(path.totalUs.p50Us)}</Fact>
        <Fact label="calls">{formatCount(path.calls.p50)}</Fact>
        <Fact label={`of ${formatCount(usual.traceCount)} traces`}>{formatCount(path.presentIn)}</Fact>
      </dl>
      <Part title="Usually here">
        <p className="text-sm [overflow-wrap:anywhere]">
          {path.service}: {path.name}
        </p>
        {path.detail !== "" && <p className="mono text-xs text-ink-3 [overflow-wrap:anywhere]">{path.detail}</p>}
      </Part>
      <Part title="What it can mean">
        <p className="text-sm text-ink-2">
          The request took another way, ended early, or the span was not sent. A trace cannot tell these apart.
        </p>
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-b border-line px-3 py-2.5 last:border-b-0">
      <h3 className="mb-1 text-xs text-ink-3">{title}</h3>
      {children}
    </section>
  );
}
