import { memo } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount, formatDuration } from "@/lib/format";
import { colouredAs, detailOf, foldNameOf, nameOf, serviceOf } from "../../domain/span-text";
import { membersOf } from "../../domain/waterfall/trace-plan";
import { usualOfGroup } from "../../domain/waterfall/usual-rows";
import { CallStrip } from "./call-strip";
import { FoldCount } from "./fold-count";
import { NameCell, type RowProps, RowShell } from "./row-shell";
import { TimeCell } from "./time-cell";
import { UsualCell } from "./usual-cell";

/** Similar siblings as one row: how many, their sum, each at its real place; the largest fold in a taller row. */
export const GroupRow = memo(function GroupRow({ zoom, ...props }: RowProps) {
  const { view, refIndex: group, isExpanded } = props;
  const { trace, plan, usual, line } = view;
  const rows = membersOf(plan.groups, group);
  const first = rows[0] ?? 0;
  const isHero = view.hero === group;
  const isParallel = (plan.groups.concurrency[group] ?? 1) > 1;
  const found = view.matches.count === 0 ? 0 : rows.reduce((sum, row) => sum + (view.matches.marks[row] ?? 0), 0);
  const sumUs = plan.groups.sumUs[group] ?? 0;
  const name = foldNameOf(trace, rows);
  // The first one's line says nothing of the others where not even the names are the same.
  const detail = name === nameOf(trace, first) ? detailOf(trace, first) : "";
  const stats = [
    `Σ ${formatDuration(sumUs)}`,
    `p50 ${formatDuration(plan.groups.p50Us[group] ?? 0)}`,
    `max ${formatDuration(plan.groups.maxUs[group] ?? 0)}`,
  ];
  return (
    <RowShell {...props} isHero={isHero} isMatch={found > 0}>
      <NameCell
        foldLabel={`${isExpanded ? "Fold" : "Unfold"} ${formatCount(rows.length)} calls of ${name}`}
        index={props.index}
        isExpanded={isExpanded}
        title={`${formatCount(rows.length)} × ${serviceOf(trace, first)}: ${name}\n${stats.join(", ")}\n${detail}`}
        view={view}
      >
        <span className="grid min-w-0 flex-1 gap-px">
          <span className="flex min-w-0 items-center gap-1.5">
            <FoldCount isStrong={isHero}>× {formatCount(rows.length)}</FoldCount>
            <ServiceMark service={colouredAs(trace, first)} />
            <span className="truncate font-medium">
              {name}
              <span className="mono ml-1.5 text-xs font-normal text-ink-3 max-phone:hidden">{detail}</span>
            </span>
            {found > 0 && found < rows.length && (
              <span className="ml-auto shrink-0 text-xs text-warn">{formatCount(found)} match</span>
            )}
          </span>
          {isHero && (
            <span className="flex gap-2.5 truncate text-[11.5px]/4 text-ink-2">
              {stats.map((text) => (
                <span key={text}>{text}</span>
              ))}
            </span>
          )}
        </span>
      </NameCell>
      <CallStrip group={group} isHero={isHero} view={view} zoom={zoom} />
      <TimeCell
        durationUs={sumUs}
        isSum={isParallel}
        share={isHero ? sumUs / Math.max(1, trace.durationUs) : undefined}
      />
      <UsualCell
        hasUsual={usual !== undefined}
        pathUs={line === undefined ? undefined : rows.reduce((sum, row) => sum + (plan.path.throughUs[row] ?? 0), 0)}
        usual={usual === undefined ? undefined : usualOfGroup({ trace, plan, usual }, group)}
      />
    </RowShell>
  );
});
