import Link from "next/link";
import { type CSSProperties, memo } from "react";
import { QuantityText } from "@/components/ui/quantity";
import { formatAbsolute } from "@/components/ui/relative-time";
import { ServiceMark } from "@/components/ui/service-mark";
import { serviceStyle } from "@/components/ui/service-style";
import { durationQuantity, formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { TraceSummary } from "../contract";
import { CELL_ROLE, gridRow } from "./grid-roles";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The id of a trace's row in the page, for `aria-activedescendant`. */
export const summaryRowId = (traceId: string): string => `trace-row-${traceId}`;

type SummaryRowProps = {
  summary: TraceSummary;
  index: number;
  topPx: number;
  isActive: boolean;
  slots: readonly string[];
  /** A bar this long or longer is full, and says so by an arrow. */
  fullBarUs: number;
};

/** One trace found. The whole line is the link. */
export const SummaryRow = memo(function SummaryRow(props: SummaryRowProps) {
  const { summary, isActive, fullBarUs } = props;
  const { errorSpanCount, durationUs } = summary;
  const startedMs = summary.startUs / US_PER_MS;
  const colour = { "--c": `var(--${serviceStyle(summary.rootService || "unknown").colour})` } as CSSProperties;
  return (
    <div
      className={`st-columns st-row absolute inset-x-0 top-0 h-[26px] border-b border-grid max-phone:h-[84px] ${isActive ? "bg-accent-soft" : "hover:bg-sunken"}`}
      id={summaryRowId(summary.traceId)}
      style={{ transform: `translateY(${props.topPx}px)` }}
      {...gridRow({ index: props.index, isSelected: isActive })}
    >
      <div className="st-op flex min-w-0 items-center gap-[7px]" {...CELL_ROLE}>
        <ServiceMark labelled service={summary.rootService || "unknown"} />
        <Link
          className="truncate font-medium text-ink no-underline after:absolute after:inset-0"
          href={routes.trace(summary.traceId)}
          prefetch={false}
          tabIndex={-1}
        >
          {summary.rootOperation || <span className="text-ink-3 italic">root span missing</span>}
        </Link>
      </div>
      <Services slots={props.slots} summary={summary} />
      <div className="st-spans text-right" {...CELL_ROLE}>
        {formatCount(summary.spanCount)}
      </div>
      <div className="st-errors text-right" {...CELL_ROLE}>
        <Errors count={errorSpanCount} />
      </div>
      <div className="st-time text-right font-semibold" {...CELL_ROLE}>
        <QuantityText quantity={durationQuantity(durationUs)} />
      </div>
      <div className="st-bar" style={colour} {...CELL_ROLE}>
        <span
          className={`block h-2 min-w-[2px] bg-(--c) opacity-80 max-phone:h-1.5 ${durationUs > fullBarUs ? "[clip-path:polygon(0_0,calc(100%-4px)_0,100%_50%,calc(100%-4px)_100%,0_100%)]" : ""}`}
          style={{ width: `${Math.min(1, durationUs / fullBarUs) * 100}%` }}
        />
      </div>
      <div
        className="st-when text-right text-sm text-ink-2"
        suppressHydrationWarning
        title={formatAbsolute(startedMs)}
        {...CELL_ROLE}
      >
        {CLOCK.format(startedMs)}
      </div>
    </div>
  );
});

function Errors({ count }: { count: number }) {
  if (count === 0) return <span className="text-ink-3">0</span>;
  return <span className="font-semibold text-bad">× {formatCount(count)}</span>;
}

/** Fits a slot of 42 px; the exact number is in its title. */
const shortCount = (count: number): string => (count < 1000 ? formatCount(count) : `${Math.round(count / 1000)}k`);

/** Spans per service in fixed places, so that one service can be followed down the list. */
function Services({ summary, slots }: { summary: TraceSummary; slots: readonly string[] }) {
  const rest = summary.services.filter(({ name }) => !slots.includes(name));
  return (
    <div className="st-services flex items-center gap-0 overflow-hidden text-sm text-ink-2" {...CELL_ROLE}>
      {slots.map((slot) => {
        const share = summary.services.find(({ name }) => name === slot);
        return (
          <span
            className={`inline-flex w-[42px] shrink-0 items-center gap-1 max-phone:w-auto max-phone:pr-2 ${share === undefined ? "max-phone:hidden" : ""}`}
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
