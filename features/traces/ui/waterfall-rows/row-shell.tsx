import type { CSSProperties, ReactNode } from "react";
import { formatCount } from "@/lib/format";
import type { ZoomWindow } from "../../domain/zoom-window";
import { CELL_ROLE, treeRow } from "../grid-roles";
import type { WaterfallView } from "../use-waterfall";

/** What every row of the waterfall gets; `view` and `zoom` stay the same objects while the page scrolls. */
export type RowProps = {
  view: WaterfallView;
  /** Where the row stands among those shown, and what it is there by its own index. */
  index: number;
  refIndex: number;
  topPx: number;
  zoom: ZoomWindow;
  isSelected: boolean;
  /** Proves what the reader pressed in the verdict. */
  isOutlined: boolean;
  /** Undefined where nothing is below. */
  isExpanded: boolean | undefined;
};

type RowShellProps = Omit<RowProps, "zoom"> & {
  isMatch?: boolean;
  isHero?: boolean;
  className?: string;
  children: ReactNode;
};

/** Deeper levels are told by number: their lines would leave no room for the name. */
const MOST_DRAWN_LEVELS = 8;

/** The id of a row in the page, for `aria-activedescendant`. */
export const rowId = (index: number): string => `wf-row-${index}`;

/** The frame of a row: its place, its place in the tree, whether it is selected. Clicks are the waterfall's. */
export function RowShell(props: RowShellProps) {
  const { view, index, isSelected, isOutlined, isMatch = false, isHero = false, className = "" } = props;
  const { layout } = view;
  const tone = isSelected ? "bg-accent-soft" : isMatch ? "bg-warn-soft" : isOutlined ? "wf-lit" : "hover:bg-sunken";
  return (
    <div
      className={`wf-columns wf-row absolute inset-x-0 top-0 cursor-default border-b border-grid ${isHero ? "wf-hero" : ""} ${tone} ${className}`}
      data-row={index}
      id={rowId(index)}
      style={{ transform: `translateY(${props.topPx}px)` }}
      {...treeRow({
        index,
        isSelected,
        level: layout.level[index] ?? 0,
        position: layout.position[index] ?? 0,
        setSize: layout.setSize[index] ?? 1,
        isExpanded: props.isExpanded,
      })}
    >
      {isSelected && <span aria-hidden className="absolute inset-y-0 left-0 z-[2] w-[3px] bg-accent" />}
      {props.children}
    </div>
  );
}

type NameCellProps = {
  view: WaterfallView;
  index: number;
  isExpanded: boolean | undefined;
  /** What pressing the twisty does, for those who do not see it. */
  foldLabel?: string;
  title: string;
  children: ReactNode;
};

/** Guides, twisty and whatever names the row. */
export function NameCell({ view, index, isExpanded, foldLabel, title, children }: NameCellProps) {
  const level = view.layout.level[index] ?? 0;
  const depth = { "--depth": level } as CSSProperties;
  const isLeaf = isExpanded === undefined;
  return (
    <div
      className={`wf-name flex min-w-0 items-center gap-1.5 overflow-hidden pr-2 ${isLeaf ? "wf-leaf" : ""}`}
      {...CELL_ROLE}
      style={depth}
      title={title}
    >
      {!isLeaf && (
        <button
          aria-label={foldLabel}
          className="wf-twisty shrink-0 text-ink-3 hover:text-ink"
          data-fold={isExpanded ? "close" : "open"}
          tabIndex={-1}
          type="button"
        />
      )}
      {level > MOST_DRAWN_LEVELS && (
        <span aria-hidden className="shrink-0 text-[10.5px] text-ink-3" title={`Level ${formatCount(level + 1)}`}>
          {formatCount(level + 1)}
        </span>
      )}
      {children}
    </div>
  );
}
