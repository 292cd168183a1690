"use client";

import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { PHONE, useMedia } from "@/components/hooks/use-media";
import { scrollToRowPx, useRowWindow } from "@/components/hooks/use-row-window";
import { classNames } from "@/components/ui/class-names";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatBytes, formatCount } from "@/lib/format";
import type { ListedObject } from "../../contract";
import { shownKey } from "../../domain/shown-key";
import { EvidenceLadder } from "../evidence-ladder";
import { KeyLine } from "../key-line";
import { OBJECT_WORDS, TIER_WORDS } from "./object-words";

const ROW_PX = 32;
const PHONE_ROW_PX = 60;
/** So many rows before the end the next page is asked for. */
const AHEAD_ROWS = 60;
/** The top bar and the column names stand over the rows, on a phone the bar of pages below. */
const COVERED_ABOVE_PX = 84;
const COVERED_BELOW_PX = 72;
const COLUMNS =
  "grid-cols-[28px_minmax(0,1fr)_84px_190px_52px_56px] max-desk:grid-cols-[28px_minmax(0,1fr)_76px_170px_40px_0] max-phone:grid-cols-[44px_minmax(0,1fr)_auto_auto]";

type ObjectTableProps = {
  objects: readonly ListedObject[];
  /** Address of an object, for a press with the middle button and for readers. */
  hrefOf: (objectId: number) => string;
  openId: number | undefined;
  onOpen: (objectId: number) => void;
  /** Objects picked to be retried; only those that can be are offered. */
  picked: ReadonlySet<number>;
  onPick: (objectId: number) => void;
  canPick: (object: ListedObject) => boolean;
  onNearEnd: () => void;
};

/** Objects in key order, a line each; only those near the viewport exist. */
export function ObjectTable(props: ObjectTableProps) {
  const { objects, openId, onNearEnd } = props;
  const rows = useRef<HTMLDivElement>(null);
  const isPhone = useMedia(PHONE);
  const rowPx = isPhone ? PHONE_ROW_PX : ROW_PX;
  const { from, to } = useRowWindow(rows, rowPx, objects.length);
  const isNearEnd = to > 0 && to + AHEAD_ROWS >= objects.length;
  // Outside system: the server's next page, asked for when the reader comes near it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows mean another end to come near to.
  useEffect(() => {
    if (isNearEnd) onNearEnd();
  }, [isNearEnd, objects.length]);
  useScrollToOpen(
    rows,
    objects.findIndex(({ objectId }) => objectId === openId),
    rowPx,
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed one by one, which a table cannot do
    <div role="table" aria-label="Objects" aria-rowcount={-1} className="text-md">
      <Head />
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div role="rowgroup" ref={rows} className="relative" style={{ height: objects.length * rowPx }}>
        {objects.slice(from, to).map((object, at) => (
          <ObjectRow key={object.objectId} {...props} object={object} index={from + at} topPx={(from + at) * rowPx} />
        ))}
      </div>
    </div>
  );
}

/** Brings the open object into view when it becomes open, and only then. */
function useScrollToOpen(rows: { current: HTMLElement | null }, index: number, rowPx: number): void {
  // Outside system: the page's scroll position.
  useEffect(() => {
    if (index === -1 || rows.current === null) return;
    const topPx = rows.current.getBoundingClientRect().top + index * rowPx;
    const view = { fromPx: COVERED_ABOVE_PX, toPx: window.innerHeight - COVERED_BELOW_PX };
    window.scrollBy({ top: scrollToRowPx({ topPx, heightPx: rowPx }, view), behavior: "instant" });
  }, [rows, index, rowPx]);
}

const HEADS = [
  { name: "Pick", className: "max-phone:hidden", isHidden: true },
  { name: "Key", className: "" },
  { name: "Size", className: "text-right" },
  { name: "State", className: "pl-4 max-phone:hidden" },
  { name: "Proof", className: "max-phone:hidden" },
  { name: "Tries", className: "text-right max-desk:hidden" },
] as const;

function Head() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: a row of names is read, not pressed
    <div
      role="row"
      className={classNames(
        "sticky top-12 z-10 grid h-7 items-center border-y border-line bg-surface px-4 text-xs font-medium text-ink-3 max-phone:hidden",
        COLUMNS,
      )}
    >
      {HEADS.map(({ name, className, ...head }) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <span key={name} role="columnheader" className={className}>
          <span className={"isHidden" in head ? "sr-only" : ""}>{name}</span>
        </span>
      ))}
    </div>
  );
}

type ObjectRowProps = ObjectTableProps & { object: ListedObject; index: number; topPx: number };

function ObjectRow({ object, index, topPx, openId, hrefOf, onOpen, ...pick }: ObjectRowProps) {
  const { objectId, key, sizeBytes, state, tier, attempts, epoch, failure } = object;
  const isOpen = objectId === openId;
  const { label, tone } = OBJECT_WORDS[state];
  const handleOpen = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onOpen(objectId);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the link in it is
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isOpen || undefined}
      className={classNames(
        "group/row absolute inset-x-0 top-0 grid h-8 items-center border-b border-grid px-4 max-phone:h-[60px] max-phone:grid-rows-[24px_20px] max-phone:content-center max-phone:pl-0",
        isOpen ? "bg-accent-soft" : "hover:bg-sunken",
        COLUMNS,
      )}
      style={{ transform: `translateY(${topPx}px)` }}
    >
      <Cell className="max-phone:row-span-2">
        <PickBox object={object} {...pick} />
      </Cell>
      <Cell className="max-phone:col-span-3">
        <a
          href={hrefOf(objectId)}
          // Directory and file are two boxes: read by themselves, a space would stand between them.
          aria-label={shownKey(key)}
          onClick={handleOpen}
          className="block min-w-0 rounded-sm no-underline before:absolute before:inset-0 before:content-['']"
        >
          <KeyLine value={key} />
        </a>
      </Cell>
      <Cell className="text-right whitespace-nowrap text-ink-2 tabular-nums max-phone:order-last">
        {formatBytes(sizeBytes)}
      </Cell>
      <Cell className="flex items-center gap-1.5 pl-4 text-sm text-ink-2 max-phone:pl-0">
        <StateGlyph tone={tone} />
        <span className="min-w-0 truncate" title={failure === null ? label : `${label}: ${failure.code}`}>
          {label}
          {failure !== null && <span className="text-ink-3"> {failure.code}</span>}
        </span>
        {epoch > 0 && (
          <span className="shrink-0 text-xs text-ink-3" title={`Found by look ${epoch} at the source`}>
            look {epoch}
          </span>
        )}
      </Cell>
      <Cell className="max-phone:px-3">
        {tier !== null && (
          <span title={TIER_WORDS[tier].label}>
            <EvidenceLadder bars={TIER_WORDS[tier].bars} />
          </span>
        )}
      </Cell>
      <Cell className="text-right text-ink-3 tabular-nums max-desk:hidden">
        {attempts > 0 ? formatCount(attempts) : ""}
      </Cell>
    </div>
  );
}

function Cell({ className = "", children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div role="cell" className={`min-w-0 ${className}`}>
      {children}
    </div>
  );
}

type PickBoxProps = Pick<ObjectTableProps, "picked" | "onPick" | "canPick"> & { object: ListedObject };

/** Above the row's own link, with room for a finger. */
function PickBox({ object, picked, onPick, canPick }: PickBoxProps) {
  if (!canPick(object)) return null;
  return (
    <label className="relative -ml-1.5 grid size-7 cursor-pointer place-items-center touch:ml-0 touch:size-11">
      <input
        type="checkbox"
        checked={picked.has(object.objectId)}
        onChange={() => onPick(object.objectId)}
        aria-label={`Pick ${object.key}`}
        className="size-4 accent-accent"
      />
    </label>
  );
}
