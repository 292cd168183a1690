import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { serviceStyle } from "@/components/ui/service-style";
import { formatDuration } from "@/lib/format";
import type { ComparedStep } from "../../contract";
import { shareText } from "../../domain/compare-view/change-share";
import { calls, signed } from "../../domain/compare-view/compare-report";
import type { GrownRow, GrownState } from "../../domain/compare-view/grown-tree";
import { CELL_ROLE, treeRow } from "../grid-roles";

/** What every row needs beside its own step. */
export type TreeScale = {
  steps: readonly ComparedStep[];
  states: readonly GrownState[];
  /** Whose colour each step has. */
  marks: readonly string[];
  longestUs: number;
  largestChangeUs: number;
  /** All that changed, up and down. */
  movedUs: number;
};

type RowProps = {
  row: GrownRow;
  /** Its place among the rows shown. */
  index: number;
  scale: TreeScale;
  isSelected: boolean;
  /** The row the keyboard is on. */
  isActive: boolean;
  onPick: () => void;
  onToggle: () => void;
};

export const rowElementId = (id: string): string => `grown-${id}`;

/** One line of the tree: a step with its two sides, or neighbours that did not change. */
export function GrownRowLine({ row, index, scale, isSelected, isActive, onPick, onToggle }: RowProps) {
  const isQuiet = row.kind === "alike" || ["alike", "below"].includes(scale.states[row.step] ?? "alike");
  const hasBelow = row.kind === "alike" || row.hasChildren;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around the rows has the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: its role comes with the spread
    <div
      {...treeRow({ index, level: row.depth, isSelected, isExpanded: hasBelow ? row.isOpen : undefined })}
      className={`grown-row cursor-pointer text-sm outline-none ${isActive ? "is-active" : ""} ${isQuiet ? "is-quiet text-ink-2" : "text-ink"}`}
      id={rowElementId(row.id)}
      onClick={row.kind === "alike" ? onToggle : onPick}
    >
      <div {...CELL_ROLE} className="grown-name">
        {row.depth > 0 && <span aria-hidden className="grown-indent" style={{ width: Math.min(row.depth, 14) * 15 }} />}
        <Twisty hasBelow={hasBelow} isOpen={row.isOpen} onToggle={onToggle} />
        {row.kind === "alike" ? <AlikeName row={row} scale={scale} /> : <StepName row={row} scale={scale} />}
      </div>
      {row.kind === "alike" ? <AlikeCells row={row} scale={scale} /> : <StepCells row={row} scale={scale} />}
    </div>
  );
}

function Twisty({ hasBelow, isOpen, onToggle }: { hasBelow: boolean; isOpen: boolean; onToggle: () => void }) {
  if (!hasBelow) return <span aria-hidden className="grown-twisty" />;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    // For the pointer; the keyboard has ← and → on the grid.
    <span
      aria-hidden
      className="grown-twisty cursor-pointer hover:bg-line"
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <Icon size={13} />
    </span>
  );
}

function StepName({ row, scale }: { row: Extract<GrownRow, { kind: "step" }>; scale: TreeScale }) {
  const step = scale.steps[row.step];
  if (step === undefined) return null;
  const isQuiet = scale.states[row.step] === "alike";
  return (
    <>
      <ServiceMark labelled service={scale.marks[row.step] ?? step.service} />
      <span className="truncate" title={`${step.name}${step.detail === "" ? "" : `\n${step.detail}`}`}>
        <bdi className={isQuiet ? "" : "font-[550]"}>{step.name}</bdi>
        {step.detail !== "" && step.detail !== step.name && (
          <span className="mono ml-1.5 text-ink-3">{restOfDetail(step)}</span>
        )}
      </span>
    </>
  );
}

/** The statement without the words that the name has already. */
function restOfDetail({ name, detail }: ComparedStep): string {
  const at = detail.search(/\bWHERE\b/i);
  return at > 0 && /^[A-Z]+ \w+$/.test(name) ? detail.slice(at) : detail;
}

function AlikeName({ row, scale }: { row: Extract<GrownRow, { kind: "alike" }>; scale: TreeScale }) {
  const names = [...new Set(row.steps.map((step) => scale.steps[step]?.name ?? ""))];
  return (
    <>
      <span className="h-[17px] shrink-0 rounded-xs bg-sunken px-1.5 text-xs leading-[17px] font-semibold text-ink-2 ring-1 ring-line-strong ring-inset">
        {row.steps.length} alike
      </span>
      <span className="truncate">{names.join(", ")}</span>
    </>
  );
}

function AlikeCells({ row, scale }: { row: Extract<GrownRow, { kind: "alike" }>; scale: TreeScale }) {
  const sum = (read: (step: ComparedStep) => number) =>
    row.steps.reduce((total, at) => total + (scale.steps[at] === undefined ? 0 : read(scale.steps[at])), 0);
  return (
    <Cells
      calls={calls(sum(({ after }) => after.calls))}
      change={null}
      pair={
        <Pair
          isOwn={false}
          longestUs={scale.longestUs}
          step={undefined}
          sums={[sum((s) => s.before.timeUs), sum((s) => s.after.timeUs)]}
        />
      }
      share=""
      state={<span className="text-ink-3">alike</span>}
      times={formatDuration(Math.round(sum(({ after }) => after.timeUs)))}
    />
  );
}

function StepCells({ row, scale }: { row: Extract<GrownRow, { kind: "step" }>; scale: TreeScale }) {
  const step = scale.steps[row.step];
  const state = scale.states[row.step] ?? "alike";
  if (step === undefined) return null;
  const isChanged = state !== "alike" && state !== "below";
  const [was, is] = [calls(step.before.calls), calls(step.after.calls)];
  const [wasUs, isUs] = [Math.round(step.before.timeUs), Math.round(step.after.timeUs)];
  return (
    <Cells
      calls={was === is ? is : <Arrow from={was} to={is} />}
      change={
        state === "beside" ? (
          <span className="left-[22%] text-ink-2">beside the request, adds 0</span>
        ) : (
          <Change row={row} scale={scale} />
        )
      }
      pair={<Pair isOwn longestUs={scale.longestUs} step={step} sums={[step.before.timeUs, step.after.timeUs]} />}
      share={isChanged ? shareText(step.changeUs, scale.movedUs) : ""}
      state={<State state={state} />}
      times={
        state === "alike" && Math.abs(isUs - wasUs) < 0.05 * Math.max(isUs, wasUs) ? (
          formatDuration(isUs)
        ) : (
          <Arrow from={formatDuration(wasUs)} to={formatDuration(isUs)} />
        )
      }
    />
  );
}

type CellsProps = {
  calls: ReactNode;
  pair: ReactNode;
  times: ReactNode;
  change: ReactNode;
  share: string;
  state: ReactNode;
};

function Cells(cells: CellsProps) {
  return (
    <>
      <div {...CELL_ROLE} className="grown-calls text-right whitespace-nowrap tabular-nums">
        {cells.calls}
      </div>
      <div {...CELL_ROLE} aria-hidden className="grown-pair">
        {cells.pair}
      </div>
      <div {...CELL_ROLE} className="grown-times text-right whitespace-nowrap tabular-nums">
        {cells.times}
      </div>
      <div {...CELL_ROLE} className="grown-change tabular-nums">
        {cells.change}
      </div>
      <div {...CELL_ROLE} className="grown-share text-right tabular-nums">
        {cells.share}
      </div>
      <div {...CELL_ROLE} className="grown-state flex items-center whitespace-nowrap">
        {cells.state}
      </div>
    </>
  );
}

const Arrow = ({ from, to }: { from: string; to: string }) => (
  <>
    <span className="text-ink-3">{from} → </span>
    <b className="font-semibold">{to}</b>
  </>
);

type PairProps = { sums: [was: number, is: number]; step: ComparedStep | undefined; longestUs: number; isOwn: boolean };

function Pair({ sums: [was, is], step, longestUs, isOwn }: PairProps) {
  const width = (us: number) => `${Math.min(100, (us / longestUs) * 100)}%`;
  return (
    <>
      {was >= 1 && <i className="was" style={{ width: width(was) }} />}
      {is >= 1 && <i className="is" style={{ width: width(is) }} />}
      {isOwn && step !== undefined && step.after.ownUs >= 1 && (
        <i className="own" style={{ width: width(Math.min(is, step.after.ownUs)) }} />
      )}
    </>
  );
}

/** Left of the axis is less, right of it more; the axis leaves a fifth of the cell for less. */
function Change({ row, scale }: { row: Extract<GrownRow, { kind: "step" }>; scale: TreeScale }) {
  const changeUs = scale.steps[row.step]?.changeUs ?? 0;
  if (Math.abs(changeUs) < 50) return null;
  const share = Math.min(1, Math.abs(changeUs) / Math.max(1, scale.largestChangeUs));
  const widthPercent = share * (changeUs < 0 ? 20 : 44);
  const left = changeUs < 0 ? 22 - widthPercent : 22;
  const textLeft = changeUs < 0 ? 22 : 22 + widthPercent;
  return (
    <>
      <i
        aria-hidden
        style={{
          left: `${left}%`,
          width: `${widthPercent}%`,
          background: `var(--${serviceStyle(scale.marks[row.step] ?? "").colour})`,
        }}
      />
      <span className="font-semibold" style={{ left: `${textLeft}%` }}>
        {signed(changeUs)}
      </span>
    </>
  );
}

const STATES: Record<GrownState, { sign: string; word: string; tone: string }> = {
  new: { sign: "+", word: "new", tone: "text-bad font-semibold" },
  gone: { sign: "−", word: "gone", tone: "font-semibold" },
  grew: { sign: "▲", word: "grew", tone: "text-warn font-semibold" },
  fell: { sign: "▼", word: "fell", tone: "text-ok font-semibold" },
  beside: { sign: "+", word: "new", tone: "text-bad font-semibold" },
  alike: { sign: "", word: "alike", tone: "text-ink-3" },
  below: { sign: "", word: "below ↓", tone: "text-ink-3" },
};

export function State({ state }: { state: GrownState }) {
  const { sign, word, tone } = STATES[state];
  return (
    <span className={`inline-flex items-center gap-1 ${tone}`}>
      {sign !== "" && <span aria-hidden>{sign}</span>}
      {word}
    </span>
  );
}
