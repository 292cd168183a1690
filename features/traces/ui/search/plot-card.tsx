"use client";

import { X } from "lucide-react";
import { Suspense } from "react";
import { Card } from "@/components/ui/card";
import { lazyPart } from "@/components/ui/lazy-part";
import { Segmented } from "@/components/ui/segmented";
import { formatCount } from "@/lib/format";
import { type Coverage, MAX_POINTS } from "../../contract";
import { coverageText } from "../../domain/search-view/coverage-text";
import type { PlotKind, ScaleKind, SearchView } from "../../domain/search-view/search-address";
import type { TracePlotProps } from "./trace-plot";

// The list can be read before the plot is there.
const TracePlot = lazyPart(() => import("./trace-plot").then((module) => module.TracePlot));

const KINDS: { value: PlotKind; label: string }[] = [
  { value: "points", label: "Points" },
  { value: "heat", label: "Heat" },
];
const SCALES: { value: ScaleKind; label: string }[] = [
  { value: "log", label: "Log" },
  { value: "linear", label: "Linear" },
];

type PlotCardProps = Omit<TracePlotProps, "kind" | "scaleKind"> & {
  view: SearchView;
  onView: (changes: Partial<SearchView>) => void;
  errorCount: number;
  coverage: Coverage | undefined;
};

/** The totals, how much of the window they stand for, and the plot. */
export function PlotCard({ view, onView, errorCount, coverage, ...plot }: PlotCardProps) {
  const { totalCount } = plot;
  const kind = view.plot ?? (totalCount > MAX_POINTS ? "heat" : "points");
  return (
    <Card aria-label="Duration over time">
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 px-3 text-xs text-ink-2 max-phone:px-3.5 max-phone:pt-2.5">
        <h2 className="text-md text-ink tabular-nums">
          {formatCount(totalCount)} {totalCount === 1 ? "trace" : "traces"}
        </h2>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-1.5 rounded-full bg-ink-3" /> ok
        </span>
        <span className="inline-flex items-center gap-1">
          <X aria-hidden className="text-bad" size={11} strokeWidth={3} />
          {formatCount(errorCount)} with errors
        </span>
        {coverage !== undefined && <CoverageNote coverage={coverage} />}
        {plot.isSample && kind === "points" && (
          <span title="The longest traces are all among them">{formatCount(plot.points?.length ?? 0)} drawn</span>
        )}
        <span className="ml-auto flex flex-wrap gap-2 py-1 max-phone:ml-0 max-phone:w-full">
          {plot.facts !== undefined && (
            <Segmented label="Plot" onChange={(chosen) => onView({ plot: chosen })} options={KINDS} value={kind} />
          )}
          <Segmented label="Scale" onChange={(scale) => onView({ scale })} options={SCALES} value={view.scale} />
        </span>
      </header>
      <Suspense fallback={<div className="h-[268px] max-phone:h-[236px]" />}>
        <TracePlot kind={kind} scaleKind={view.scale} {...plot} />
      </Suspense>
    </Card>
  );
}

const TONES = { whole: "text-ink-3", reading: "text-accent", cut: "text-warn" };

/** What share of the window was read; the rest of the story on demand. */
function CoverageNote({ coverage }: { coverage: Coverage }) {
  const { tone, text, details } = coverageText(coverage);
  if (details.length === 0) return <span className={`max-phone:hidden ${TONES[tone]}`}>{text}</span>;
  return (
    <details className="relative">
      <summary className={`${TONES[tone]} list-none underline decoration-dotted underline-offset-2`}>{text}</summary>
      <div className="absolute top-6 left-0 z-20 w-80 max-w-[80vw] rounded-md border border-line bg-raised p-3 text-sm text-ink shadow-raised">
        {details.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </details>
  );
}
