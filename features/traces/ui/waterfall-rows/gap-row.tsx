import { memo } from "react";
import { formatDuration } from "@/lib/format";
import { nameOf } from "../../domain/span-text";
import { usualOfGap } from "../../domain/waterfall/usual-rows";
import { CELL_ROLE, drawnCell } from "../grid-roles";
import type { WaterfallView } from "../use-waterfall";
import { NameCell, type RowProps, RowShell } from "./row-shell";
import { TimeCell } from "./time-cell";
import { UsualCell } from "./usual-cell";

/** What a gap is called: by what ended before it, or what follows. */
export function gapTitle({ trace, plan }: WaterfallView, gap: number): string {
  const after = plan.gaps.after[gap] ?? -1;
  const before = plan.gaps.before[gap] ?? -1;
  if (after !== -1) return `unaccounted, after ${nameOf(trace, after)}`;
  return before === -1 ? "unaccounted" : `unaccounted, before ${nameOf(trace, before)}`;
}

/** Time of a parent that no span explains: a row, not an absence. */
export const GapRow = memo(function GapRow({ zoom, ...props }: RowProps) {
  const { view, refIndex: gap } = props;
  const { trace, plan, usual } = view;
  const fromUs = plan.gaps.fromUs[gap] ?? 0;
  const toUs = plan.gaps.toUs[gap] ?? 0;
  const title = gapTitle(view, gap);
  const widthUs = zoom.toUs - zoom.fromUs;
  const from = Math.max(0, (fromUs - zoom.fromUs) / widthUs);
  const to = Math.min(1, (toUs - zoom.fromUs) / widthUs);
  return (
    <RowShell {...props}>
      <NameCell index={props.index} isExpanded={undefined} title={title} view={view}>
        <span className="truncate text-ink-2 italic">{title}</span>
      </NameCell>
      <div
        className="wf-line relative min-w-0 overflow-hidden"
        {...drawnCell(`no span explains ${formatDuration(toUs - fromUs)} from ${formatDuration(fromUs)} on`)}
      >
        {to > from && (
          <span
            aria-hidden
            className="wf-bar wf-hatch absolute min-w-[2px]"
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          />
        )}
      </div>
      <TimeCell durationUs={toUs - fromUs} />
      <UsualCell
        hasUsual={usual !== undefined}
        pathUs={view.line === undefined ? undefined : toUs - fromUs}
        usual={usual === undefined ? undefined : usualOfGap({ trace, plan, usual }, gap)}
      />
    </RowShell>
  );
});

/** A step that nearly every such trace has and this one has not. */
export const MissingRow = memo(function MissingRow({ zoom: _, ...props }: RowProps) {
  const { view, refIndex: step } = props;
  const path = view.usual?.paths[view.usual.missing[step]?.path ?? -1];
  const name = path?.name ?? "a step";
  return (
    <RowShell {...props}>
      <NameCell
        index={props.index}
        isExpanded={undefined}
        title={`Usually here: ${path?.service}: ${name}\n${path?.detail ?? ""}`}
        view={view}
      >
        <span className="truncate text-ink-3 italic">not here: {name}</span>
      </NameCell>
      <div className="wf-line relative min-w-0" {...drawnCell(`${name} did not run in this trace`)} />
      <div className="wf-time text-right text-ink-3" {...CELL_ROLE}>
        <span>–</span>
        <span />
      </div>
      <div className="wf-usual truncate pr-2 pl-1 text-right text-[11.5px] text-ink-2" {...CELL_ROLE}>
        usually {formatDuration(path?.totalUs.p50Us ?? 0)}
      </div>
    </RowShell>
  );
});
