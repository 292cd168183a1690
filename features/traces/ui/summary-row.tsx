import Link from "next/link";
import { type CSSProperties, memo, type ReactNode } from "react";
import { QuantityText } from "@/components/ui/quantity";
import { formatAbsolute } from "@/components/ui/relative-time";
import { ServiceMark } from "@/components/ui/service-mark";
import { serviceStyle } from "@/components/ui/service-style";
import { durationQuantity, formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { TraceSummary } from "../contract";
import { LEAST_USUAL, timesUsualText } from "../domain/facts/times-usual";
import { lengthNote } from "../domain/length-note";
import type { UsualTime } from "../domain/search-view/plot-points";
import { visibleText } from "../domain/visible-text";
import { CELL_ROLE, drawnCell, gridRow } from "./grid-roles";
import { CauseText, useCauseOf } from "./summary-cause";
import type { Column } from "./summary-columns";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The id of a trace's row in the page, for `aria-activedescendant`. */
export const summaryRowId = (traceId: string): string => `trace-row-${traceId}`;

type SummaryRowProps = {
  summary: TraceSummary;
  columns: readonly Column[];
  index: number;
  topPx: number;
  isActive: boolean;
  isSelected: boolean;
  isPicked: boolean;
  isNew: boolean;
  slots: readonly string[];
  usual: UsualTime | undefined;
  /** A bar this long or longer is full, and says so by an arrow. */
  fullBarUs: number;
  onLeave: (traceId: string) => void;
};

/** One trace found. The whole line is the link. */
export const SummaryRow = memo(function SummaryRow(props: SummaryRowProps) {
  const { summary, isActive, columns } = props;
  return (
    <div
      className={`st-columns st-row absolute inset-x-0 top-0 border-b border-grid ${isActive ? "bg-accent-soft" : "hover:bg-sunken"} ${props.isSelected ? "st-selected" : ""}`}
      id={summaryRowId(summary.traceId)}
      style={{ transform: `translateY(${props.topPx}px)` }}
      {...gridRow({ index: props.index, isSelected: isActive })}
    >
      {columns.map((column) => CELLS[column](props))}
    </div>
  );
});

const CELLS: Record<Column, (props: SummaryRowProps) => ReactNode> = {
  mark: ({ index, isSelected, isPicked, isNew }) => (
    <div className="st-mark text-right text-xs text-ink-3" key="mark" {...CELL_ROLE}>
      {isPicked ? (
        <b className="text-accent">x</b>
      ) : isNew ? (
        <b className="text-accent">new</b>
      ) : (
        formatCount(index + 1)
      )}
      {isSelected && <span className="sr-only">, in the selection</span>}
      {isPicked && <span className="sr-only">, picked to compare</span>}
    </div>
  ),
  operation: ({ summary, onLeave }) => (
    <div className="st-op flex min-w-0 items-center gap-[7px]" key="operation" {...CELL_ROLE}>
      <ServiceMark labelled service={summary.rootService || "unknown"} />
      <Link
        className="truncate font-medium text-ink no-underline after:absolute after:inset-0"
        href={routes.trace(summary.traceId)}
        onClick={() => onLeave(summary.traceId)}
        prefetch={false}
        tabIndex={-1}
      >
        {visibleText(summary.rootOperation) || <span className="text-ink-3 italic">root span missing</span>}
      </Link>
      <LengthNote summary={summary} />
    </div>
  ),
  cause: ({ summary }) => (
    <div className="st-cause min-w-0 text-sm" key="cause" {...CELL_ROLE}>
      <CauseText traceId={summary.traceId} />
    </div>
  ),
  services: (props) => <Services key="services" {...props} />,
  spans: ({ summary }) => (
    <div className="st-spans text-right" key="spans" {...CELL_ROLE}>
      {formatCount(summary.spanCount)}
    </div>
  ),
  errors: ({ summary }) => (
    <div className="st-errors text-right" key="errors" {...CELL_ROLE}>
      <Errors count={summary.errorSpanCount} />
    </div>
  ),
  duration: ({ summary }) => (
    <div className="st-time text-right font-semibold" key="duration" {...CELL_ROLE}>
      <QuantityText quantity={durationQuantity(summary.durationUs)} />
    </div>
  ),
  bar: (props) => <DurationBar key="bar" {...props} />,
  usual: ({ summary, usual }) => (
    <div
      className="st-usual text-right text-sm text-ink-2 tabular-nums"
      key="usual"
      title={usualTitle(usual)}
      {...CELL_ROLE}
    >
      {timesUsualText(summary.durationUs, usual)}
    </div>
  ),
  started: ({ summary }) => {
    const startedMs = summary.startUs / US_PER_MS;
    return (
      <div
        className="st-when text-right text-sm text-ink-2"
        key="started"
        suppressHydrationWarning
        title={formatAbsolute(startedMs)}
        {...CELL_ROLE}
      >
        {CLOCK.format(startedMs)}
      </div>
    );
  },
};

function usualTitle(usual: UsualTime | undefined): string | undefined {
  if (usual === undefined) return undefined;
  const { p50Us, p95Us, count } = usual;
  if (count < LEAST_USUAL) return `Seen ${formatCount(count)} × in this window: too rarely to know what is usual`;
  return `Usual ${formatDuration(p50Us)}, p95 ${formatDuration(p95Us)}, of ${formatCount(count)} in this window`;
}

/** The duration, the part its first cause takes in that service's colour, and where this operation's own p95 lies. */
function DurationBar({ summary, usual, fullBarUs, columns }: SummaryRowProps) {
  const { durationUs, traceId } = summary;
  const cause = useCauseOf(traceId, columns.includes("cause"));
  const service = cause?.service || summary.rootService || "unknown";
  const style = {
    "--c": `var(--${serviceStyle(service).colour})`,
    width: `${Math.min(1, durationUs / fullBarUs) * 100}%`,
  } as CSSProperties;
  const isCut = durationUs > fullBarUs;
  const label = usualTitle(usual) ?? "";
  return (
    <div className="st-bar relative h-4" {...drawnCell(label)}>
      <span
        className={`absolute top-1 h-2 min-w-[2px] max-phone:h-1.5 ${cause == null ? "bg-(--c) opacity-80" : "bg-[color-mix(in_srgb,var(--c)_32%,var(--surface))]"} ${isCut ? "[clip-path:polygon(0_0,calc(100%-4px)_0,100%_50%,calc(100%-4px)_100%,0_100%)]" : ""}`}
        style={style}
      >
        {cause != null && <span className="block h-full bg-(--c)" style={{ width: `${cause.share * 100}%` }} />}
      </span>
      {usual !== undefined && usual.count >= LEAST_USUAL && (
        <span className="st-tick" style={{ left: `${Math.min(1, usual.p95Us / fullBarUs) * 100}%` }} />
      )}
    </div>
  );
}

/** Why the duration is not simply what the caller waited. */
function LengthNote({ summary }: { summary: TraceSummary }) {
  const note = lengthNote(summary);
  if (note === undefined) return null;
  return (
    <span className={`shrink-0 text-xs ${note.isDoubt ? "text-warn" : "text-ink-3"}`} title={note.why}>
      {note.text}
    </span>
  );
}

function Errors({ count }: { count: number }) {
  if (count === 0) return <span className="text-ink-3">0</span>;
  return <span className="font-semibold text-bad">× {formatCount(count)}</span>;
}

/** Fits a slot of 42 px; the exact number is in its title. */
const shortCount = (count: number): string => (count < 1000 ? formatCount(count) : `${Math.round(count / 1000)}k`);

/** Spans per service in fixed places, so that one service can be followed down the list. */
function Services({ summary, slots }: SummaryRowProps) {
  const rest = summary.services.filter(({ name }) => !slots.includes(name));
  return (
    <div className="st-services flex items-center gap-0 overflow-hidden text-sm text-ink-2" {...CELL_ROLE}>
      {slots.map((slot) => {
        const share = summary.services.find(({ name }) => name === slot);
        return (
          <span
            className={`inline-flex w-[39px] shrink-0 items-center gap-1 max-phone:w-auto max-phone:pr-2 ${share === undefined ? "max-phone:hidden" : ""}`}
            key={slot}
            title={share === undefined ? undefined : `${slot}: ${formatCount(share.spanCount)} spans`}
          >
            {share !== undefined && (
              <>
                <ServiceMark labelled service={slot} />
                {shortCount(share.spanCount)}
              </>
            )}
          </span>
        );
      })}
      {rest.length > 0 && <span title={rest.map(({ name }) => name).join(", ")}>+{rest.length}</span>}
      {summary.errorSpanCount > 0 && (
        <span className="hidden max-phone:inline">
          <Errors count={summary.errorSpanCount} />
        </span>
      )}
    </div>
  );
}
