"use client";

import { type KeyboardEvent, useMemo, useState } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { Button } from "@/components/ui/button";
import { Card, CardFooter } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Kbd } from "@/components/ui/kbd";
import { Segmented } from "@/components/ui/segmented";
import type { CompareReply } from "../../contract";
import { movedUs, wholeChangeUs } from "../../domain/compare-view/change-share";
import { signed } from "../../domain/compare-view/compare-report";
import {
  countStates,
  type GrownRow,
  nextChange,
  parseToggled,
  type TreeOrder,
  toGrownRows,
  toGrownStates,
  toToggledText,
} from "../../domain/compare-view/grown-tree";
import { markOfStep } from "../../domain/compare-view/step-mark";
import { GROUP_ROLE, HEAD_ROLE, HEAD_ROW } from "../grid-roles";
import { GrownRowLine, rowElementId, type TreeScale } from "./grown-row";
import { StepDetails } from "./step-details";
import { useSearchValue } from "./use-search-value";

type GrownTreeProps = {
  reply: CompareReply;
  names: { before: string; after: string };
  selected: number | undefined;
  onSelect: (step: number | undefined) => void;
};

/** Every step of both sides lined up by its path: what is new, gone, grew or fell, and by how much in its own work. */
export function GrownTree({ reply, names, selected, onSelect }: GrownTreeProps) {
  const [orderText, setOrder] = useSearchValue("order", "push");
  const [alikeText, setAlike] = useSearchValue("alike");
  const [foldText, setFolds] = useSearchValue("fold");
  const [active, setActive] = useState<string | undefined>(undefined);
  const toggled = useMemo(() => parseToggled(foldText), [foldText]);
  const order: TreeOrder = orderText === "growth" ? "growth" : "runs";
  const showsAlike = alikeText === "1";
  const scale = useMemo(() => toScale(reply), [reply]);
  const rows = useMemo(
    () => toGrownRows(reply.steps, { order, showsAlike, toggled }),
    [reply, order, showsAlike, toggled],
  );
  const counts = useMemo(() => countStates(reply.steps), [reply]);
  const toggle = (id: string) => setFolds(toToggledText(toggled, id));
  const selectedId = selected === undefined ? undefined : `s${selected}`;
  const goTo = (row: GrownRow | undefined) => {
    if (row?.kind !== "step") return;
    onSelect(row.step);
    setActive(row.id);
    document.getElementById(rowElementId(row.id))?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts({ n: () => goTo(nextChange(rows, reply.steps, selectedId)) });
  const activeId = rows.find(({ id }) => id === (active ?? selectedId))?.id ?? rows[0]?.id;
  return (
    <Card aria-labelledby="grown" className="overflow-clip">
      <TreeHeader
        counts={counts}
        onAlike={() => setAlike(showsAlike ? "" : "1")}
        onOrder={(next) => setOrder(next === "growth" ? "growth" : "")}
        order={order}
        showsAlike={showsAlike}
      />
      <div
        aria-activedescendant={activeId === undefined ? undefined : rowElementId(activeId)}
        aria-label="Steps, before and after"
        aria-rowcount={rows.length + 1}
        className="group/tree outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset"
        onKeyDown={(event) => handleKey(event, { rows, activeId, setActive, toggle, onSelect })}
        role="treegrid"
        tabIndex={0}
      >
        <HeadRow />
        <div {...GROUP_ROLE}>
          {rows.map((row, index) => (
            <GrownRowLine
              index={index}
              isActive={row.id === activeId}
              isSelected={row.id === selectedId}
              key={row.id}
              onPick={() => onSelect(row.kind === "step" && row.step !== selected ? row.step : undefined)}
              onToggle={() => toggle(row.id)}
              row={row}
              scale={scale}
            />
          ))}
        </div>
      </div>
      {rows.length === 0 && (
        <p className="px-4 py-6 text-center text-ink-2">No step changed beyond chance. Show all to see them alike.</p>
      )}
      {selected !== undefined && reply.steps[selected] !== undefined && (
        <StepDetails names={names} onClose={() => onSelect(undefined)} reply={reply} step={selected} />
      )}
      <TreeFooter reply={reply} />
    </Card>
  );
}

function toScale(reply: CompareReply): TreeScale {
  const { steps, before, after } = reply;
  const systems = [...after.systems, ...before.systems].map(({ name }) => name);
  const most = (read: (step: CompareReply["steps"][number]) => number) =>
    steps.reduce((largest, step) => Math.max(largest, read(step)), 1);
  return {
    steps,
    states: toGrownStates(steps),
    marks: steps.map((step) => markOfStep(step, systems)),
    longestUs: most((step) => Math.max(step.before.timeUs, step.after.timeUs)),
    largestChangeUs: most(({ changeUs }) => Math.abs(changeUs)),
    movedUs: movedUs(reply),
  };
}

type TreeHeaderProps = {
  counts: ReturnType<typeof countStates>;
  order: TreeOrder;
  showsAlike: boolean;
  onOrder: (order: TreeOrder) => void;
  onAlike: () => void;
};

function TreeHeader({ counts, order, showsAlike, onOrder, onAlike }: TreeHeaderProps) {
  return (
    <header className="flex min-h-11 flex-wrap items-center gap-2 px-3 py-1.5">
      <h2 className="text-md" id="grown">
        Where it changed
      </h2>
      {counts.new > 0 && (
        <Chip icon={null} tone="bad">
          {counts.new} new
        </Chip>
      )}
      {counts.gone > 0 && <Chip>{counts.gone} gone</Chip>}
      {counts.grew > 0 && (
        <Chip icon={null} tone="warn">
          {counts.grew} grew
        </Chip>
      )}
      {counts.fell > 0 && (
        <Chip icon={null} tone="ok">
          {counts.fell} fell
        </Chip>
      )}
      {counts.alike > 0 && <Chip>{counts.alike} alike</Chip>}
      <span className="grow" />
      <Segmented
        label="Order of the steps"
        onChange={onOrder}
        options={[
          { value: "runs", label: "As it runs" },
          { value: "growth", label: "By change" },
        ]}
        value={order}
      />
      {counts.alike > 0 && (
        <Button aria-pressed={showsAlike} onClick={onAlike} size="sm">
          {showsAlike ? "Fold alike" : `Show ${counts.alike} alike`}
        </Button>
      )}
    </header>
  );
}

const HEADS = [
  ["Step, lined up by its path", "grown-name pl-4"],
  ["Calls", "grown-calls text-right"],
  ["Time in it, mean", "grown-pair h-auto!"],
  ["before → after", "grown-times text-right"],
  ["Change in own work", "grown-change-head"],
  ["Share", "grown-share text-right"],
  ["", "grown-state"],
] as const;

function HeadRow() {
  return (
    <div {...HEAD_ROW} className="grown-row grown-head text-xs text-ink-3">
      {HEADS.map(([text, name]) => (
        <div {...HEAD_ROLE} className={name} key={name}>
          {text === "" ? <span className="sr-only">What happened</span> : text}
        </div>
      ))}
    </div>
  );
}

function TreeFooter({ reply }: { reply: CompareReply }) {
  return (
    <CardFooter className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
      <span className="inline-flex items-center gap-1.5">
        <i aria-hidden className="inline-block h-2 w-5 bg-accent" /> own work
        <i aria-hidden className="inline-block h-2 w-5 bg-[color-mix(in_srgb,var(--accent)_34%,var(--surface))]" /> with
        the steps below
      </span>
      <span>
        Change is own work only, so the column adds up to {signed(wholeChangeUs(reply))}; shares are of all that
        changed, up and down
      </span>
      {reply.leftOut.count > 0 && (
        <span>
          {reply.leftOut.count} small steps are left out ({signed(reply.leftOut.changeUs)})
        </span>
      )}
      <span className="ml-auto inline-flex items-center gap-1.5 max-phone:hidden">
        <Kbd>n</Kbd> next change <Kbd>←</Kbd> <Kbd>→</Kbd> fold <Kbd>s</Kbd> swap <Kbd>↵</Kbd> examples
      </span>
    </CardFooter>
  );
}

type Keys = {
  rows: readonly GrownRow[];
  activeId: string | undefined;
  setActive: (id: string) => void;
  toggle: (id: string) => void;
  onSelect: (step: number) => void;
};

function handleKey(event: KeyboardEvent<HTMLElement>, { rows, activeId, setActive, toggle, onSelect }: Keys): void {
  const at = rows.findIndex(({ id }) => id === activeId);
  const row = rows[at];
  if (row === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
  const canFold = row.kind === "alike" || row.hasChildren;
  const move = (to: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (next === undefined) return;
    setActive(next.id);
    document.getElementById(rowElementId(next.id))?.scrollIntoView({ block: "nearest" });
  };
  const open = () => (row.kind === "step" ? onSelect(row.step) : toggle(row.id));
  const actions: Record<string, () => void> = {
    ArrowDown: () => move(at + 1),
    ArrowUp: () => move(at - 1),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    ArrowRight: () => (canFold && !row.isOpen ? toggle(row.id) : move(at + 1)),
    ArrowLeft: () => {
      if (canFold && row.isOpen) toggle(row.id);
      else move(rows.findLastIndex((other, place) => place < at && other.depth < row.depth));
    },
    Enter: open,
    " ": open,
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}
