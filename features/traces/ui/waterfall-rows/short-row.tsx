import { memo } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import { formatCount } from "@/lib/format";
import { colouredAs, nameOf } from "../../domain/span-text";
import { drawnCell } from "../grid-roles";
import { FoldCount } from "./fold-count";
import { NameCell, type RowProps, RowShell } from "./row-shell";
import { TimeCell } from "./time-cell";
import { UsualCell } from "./usual-cell";

const NAMES_TOLD = 3;
const MAX_BARS = 60;

/** Neighbours too short to matter, as one row. */
export const ShortRow = memo(function ShortRow({ zoom, ...props }: RowProps) {
  const { view, refIndex: run, isExpanded } = props;
  const { trace, plan, shorts, line } = view;
  const from = shorts.start[run] ?? 0;
  const rows = shorts.rows.subarray(from, shorts.start[run + 1] ?? from);
  const names = [...new Set(Array.from(rows.subarray(0, 50), (row) => nameOf(trace, row)))];
  const told = names.slice(0, NAMES_TOLD).join(", ") + (names.length > NAMES_TOLD ? ", …" : "");
  const spans = shorts.spans[run] ?? 0;
  const widthUs = zoom.toUs - zoom.fromUs;
  const isFound = view.matches.count > 0 && rows.some((row) => view.isFound(row));
  return (
    <RowShell {...props} isMatch={isFound}>
      <NameCell
        foldLabel={`${isExpanded ? "Fold" : "Unfold"} ${formatCount(spans)} short: ${told}`}
        index={props.index}
        isExpanded={isExpanded}
        title={`${formatCount(spans)} spans below 0.5 % of the trace each: ${told}`}
        view={view}
      >
        <FoldCount>{formatCount(spans)} short</FoldCount>
        <span className="truncate text-ink-3">{told}</span>
      </NameCell>
      <div
        className="wf-line relative min-w-0 overflow-hidden"
        {...drawnCell(`${formatCount(spans)} short spans: ${told}`)}
      >
        {Array.from(rows.subarray(0, MAX_BARS), (row) => {
          const startUs = trace.spanStartUs[row] ?? 0;
          const at = (startUs - zoom.fromUs) / widthUs;
          const to = (startUs + (trace.spanDurationUs[row] ?? 0) - zoom.fromUs) / widthUs;
          if (to < 0 || at > 1) return null;
          return (
            <span
              aria-hidden
              className="wf-bar absolute min-w-[2px] rounded-[1px]"
              key={row}
              style={{
                left: `min(${Math.max(0, at) * 100}%, 100% - 2px)`,
                width: `${(Math.min(1, to) - Math.max(0, at)) * 100}%`,
                background: `var(--${serviceStyle(colouredAs(trace, row)).colour})`,
              }}
            />
          );
        })}
      </div>
      <TimeCell durationUs={shorts.sumUs[run] ?? 0} isQuiet />
      <UsualCell
        hasUsual={view.usual !== undefined}
        pathUs={line === undefined ? undefined : rows.reduce((sum, row) => sum + (plan.path.throughUs[row] ?? 0), 0)}
        usual={undefined}
      />
    </RowShell>
  );
});
