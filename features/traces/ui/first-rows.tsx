"use client";

import { type CSSProperties, type ReactNode, use } from "react";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import { ServiceMark } from "@/components/ui/service-mark";
import { serviceStyle } from "@/components/ui/service-style";
import { formatCount } from "@/lib/format";
import { DRAWN_WIDTH, type FirstRow, type FirstRows as Rows } from "../domain/waterfall/first-rows";
import { CELL_ROLE, plainGrid, plainRow } from "./grid-roles";
import { FoldCount } from "./waterfall-rows/fold-count";
import { TimeCell } from "./waterfall-rows/time-cell";
import { UsualCell } from "./waterfall-rows/usual-cell";
import { WaterfallRuler } from "./waterfall-ruler";
import "./waterfall.css";

/** What the page's own answer brings; nothing when it brought none. */
export type ComingRows = Promise<Rows | undefined>;

/** A stretch is never narrower than this, about two pixels. */
const LEAST_WIDTH = 24;

/** The rows of a trace that is coming: as soon as the page has them the first ones, before that and without them bars. */
export function FirstRows({ coming }: { coming: ComingRows }) {
  const first = use(coming);
  return first === undefined ? <NoRows /> : <RowsCard first={first} />;
}

/** The waterfall of a trace of which nothing is known. */
export function NoRows() {
  return (
    <Card aria-busy aria-label="Waterfall">
      <LoadingRows rowHeightPx={24} rows={20} />
    </Card>
  );
}

/** The same places and colours as the waterfall that follows, but nothing to press: that needs the trace itself. */
function RowsCard({ first }: { first: Rows }) {
  return (
    <Card
      aria-busy
      aria-label="Waterfall"
      className="wf cursor-progress overflow-clip"
      data-last={first.hasPath ? "path" : "none"}
    >
      <div className="wf-columns wf-head border-b border-line">
        <div />
        <div className="h-[42px] bg-sunken" />
        <div className="wf-note border-l border-line" />
      </div>
      <WaterfallRuler lastColumn="On path" rows={first.rowCount} spans={first.spanCount} zoom={first.zoom} />
      {/* Rows that come one under the other: the waterfall's own are placed. */}
      <div {...plainGrid("First spans", first.rowCount)}>
        {first.rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, and none is ever moved
          <DrawnRow hasPath={first.hasPath} index={index} key={index} row={row} />
        ))}
      </div>
    </Card>
  );
}

function DrawnRow({ row, index, hasPath }: { row: FirstRow; index: number; hasPath: boolean }) {
  return (
    <div className={`wf-columns wf-row border-b border-grid ${row.isHero ? "wf-hero" : ""}`} {...plainRow(index)}>
      <NameCell row={row} />
      <Bars row={row} />
      <TimeCell durationUs={row.durationUs} isQuiet={row.kind === "short"} />
      <UsualCell hasUsual={false} pathUs={hasPath ? row.pathUs : undefined} usual={undefined} />
    </div>
  );
}

function NameCell({ row: { kind, level, name, detail, service, isOpen, isHero, spans, isFailed } }: { row: FirstRow }) {
  return (
    <div
      className={`wf-name flex min-w-0 items-center gap-1.5 overflow-hidden pr-2 ${isOpen === null ? "wf-leaf" : ""}`}
      {...CELL_ROLE}
      style={{ "--depth": level } as CSSProperties}
    >
      {isOpen !== null && <span className="wf-twisty shrink-0 text-ink-3" data-fold={isOpen ? "close" : "open"} />}
      {kind === "group" && <FoldCount isStrong={isHero}>× {formatCount(spans)}</FoldCount>}
      {kind === "short" && <FoldCount>{formatCount(spans)} short</FoldCount>}
      {(kind === "span" || kind === "group") && <ServiceMark service={service} />}
      <span className={`truncate ${NAME_LOOKS[kind]}`}>
        {name}
        {detail !== "" && <Detail>{detail}</Detail>}
      </span>
      {kind === "span" && isOpen === false && spans > 0 && <FoldCount>+{formatCount(spans)}</FoldCount>}
      {isFailed && <span className="sr-only">, failed</span>}
    </div>
  );
}

const NAME_LOOKS: Record<FirstRow["kind"], string> = {
  span: "font-medium",
  group: "font-medium",
  short: "text-ink-3",
  gap: "text-ink-2 italic",
};

function Detail({ children }: { children: ReactNode }) {
  return <span className="mono ml-1.5 text-xs font-normal text-ink-3 max-phone:hidden">{children}</span>;
}

function Bars({ row: { kind, service, pale, solid, isFailed } }: { row: FirstRow }) {
  const colour = service === "" ? {} : ({ "--c": `var(--${serviceStyle(service).colour})` } as CSSProperties);
  const [from, to] = pale ?? [0, 0];
  const end = Math.max(to, solid.at(-1) ?? 0);
  return (
    <div className="wf-line relative min-w-0 overflow-hidden" style={colour} {...CELL_ROLE}>
      {pale !== null && (
        <span
          className={`wf-bar absolute min-w-[2px] rounded-[1px] ${kind === "gap" ? "wf-hatch" : "wf-pale"}`}
          style={{ left: share(from), width: share(to - from) }}
        />
      )}
      <svg
        aria-hidden
        className="wf-strip absolute left-0 h-2.5 w-full"
        preserveAspectRatio="none"
        viewBox={`0 0 ${DRAWN_WIDTH} 1`}
      >
        <path d={drawn(solid)} fill="var(--c)" />
      </svg>
      {isFailed && (
        <span
          aria-hidden
          className="wf-error absolute size-[13px] -translate-x-1/2 rounded-[2px]"
          style={{ left: `clamp(7px, ${share(end)}, 100% - 7px)` }}
        />
      )}
    </div>
  );
}

const share = (place: number): string => `${(place / DRAWN_WIDTH) * 100}%`;

function drawn(stretches: readonly number[]): string {
  let path = "";
  for (let at = 0; at < stretches.length; at += 2) {
    const from = stretches[at] ?? 0;
    const left = Math.min(from, DRAWN_WIDTH - LEAST_WIDTH);
    path += `M${left} 0H${Math.max(left + LEAST_WIDTH, stretches[at + 1] ?? 0)}V1H${left}z`;
  }
  return path;
}
