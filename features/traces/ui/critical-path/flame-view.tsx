"use client";

import Link from "next/link";
import { type KeyboardEvent, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { serviceStyle } from "@/components/ui/service-style";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { Flame, FlameFrame } from "../../contract";
import { markOfStep } from "../../domain/compare-view/step-mark";
import { type FlameBox, layOutFlame, sumByStep } from "../../domain/service-view/flame-layout";
import "../compare/compare.css";
import { useWidth } from "../use-width";

const ROW_PX = 22;
const MIN_TEXT_PX = 34;
const MAX_LISTED = 12;
const SYSTEMS = ["postgresql", "redis"];

/** The flame, callers above what they call, and the same time as a table. A frame opens to its exemplars. */
export function FlameView({ flame }: { flame: Flame }) {
  const [root, setRoot] = useState<number | undefined>(undefined);
  const [selected, setSelected] = useState<number | undefined>(undefined);
  const steps = useMemo(() => sumByStep(flame).slice(0, MAX_LISTED), [flame]);
  const frame = selected === undefined ? undefined : flame.frames[selected];
  return (
    <div className="grid gap-2.5">
      <Card aria-labelledby="flame" className="overflow-clip">
        <CardHeader
          actions={
            root !== undefined && (
              <Button onClick={() => setRoot(undefined)} size="sm">
                Show all
              </Button>
            )
          }
          id="flame"
          meta="width: time waited; colour: who is waited for"
          title="Critical paths"
        />
        <Icicle flame={flame} onSelect={setSelected} onZoom={setRoot} root={root} selected={selected} />
        {frame !== undefined && <FrameDetails flame={flame} frame={frame} onZoom={() => setRoot(selected)} />}
        <CardFooter className="text-xs">
          Every microsecond of every critical path is counted once. ← → ↑ ↓ move, Enter shows examples.
        </CardFooter>
      </Card>
      <Card aria-labelledby="flame-table" className="overflow-clip">
        <CardHeader id="flame-table" meta="own work only, so the shares add up" title="Where the time goes" />
        <table className="w-full border-collapse text-md">
          <thead>
            <tr className="h-7 text-xs text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:px-2 [&>th]:text-right [&>th]:font-medium">
              <th className="pl-4! text-left!" scope="col">
                Step
              </th>
              <th scope="col">Share</th>
              <th scope="col">Time</th>
              <th className="max-phone:hidden" scope="col">
                In
              </th>
              <th className="pr-4!" scope="col">
                Examples
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr
                className="h-8 border-b border-grid last:border-0 touch:h-11 [&>td]:px-2 [&>td]:text-right [&>td]:whitespace-nowrap [&>td]:tabular-nums"
                key={`${step.service} ${step.name} ${step.detail}`}
              >
                <th
                  className="w-full max-w-0 truncate pl-4 text-left font-normal"
                  scope="row"
                  title={`${step.service}: ${step.name} ${step.detail}`}
                >
                  <i
                    aria-hidden
                    className="mr-2 inline-block size-2.5 rounded-[2px]"
                    style={{ background: colourOf(step) }}
                  />
                  {step.name} <span className="mono text-ink-3">{step.detail}</span>
                </th>
                <td className="font-semibold">{shareText(step.share)}</td>
                <td>{formatDuration(Math.round(step.ownUs))}</td>
                <td className="text-ink-2 max-phone:hidden">
                  {formatCount(step.traceCount)} of {formatCount(flame.traceCount)}
                </td>
                <td className="pr-4!">
                  <button
                    className="link rounded-sm border-0 bg-transparent touch:min-h-11"
                    onClick={() => setSelected(step.frame)}
                    type="button"
                  >
                    Show<span className="sr-only"> examples of {step.name}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </div>
  );
}

/** Nothing that took time is shown as none of it. */
const shareText = (share: number): string =>
  share > 0 && share < 0.001 ? `< ${formatShare(0.001)}` : formatShare(share);

const colourOf = (step: Pick<FlameFrame, "service" | "name" | "detail">): string =>
  `var(--${serviceStyle(markOfStep(step, step.detail === "" ? SYSTEMS : [...SYSTEMS, ...(/\s/.test(step.detail) ? [] : [step.detail])])).colour})`;

type IcicleProps = {
  flame: Flame;
  root: number | undefined;
  selected: number | undefined;
  onSelect: (frame: number) => void;
  onZoom: (frame: number | undefined) => void;
};

/** The boxes. One tab stop: arrows move between them. */
function Icicle({ flame, root, selected, onSelect, onZoom }: IcicleProps) {
  const [box, widthPx] = useWidth();
  const [active, setActive] = useState(0);
  const boxes = useMemo(() => layOutFlame(flame, root), [flame, root]);
  const depth = boxes.reduce((most, one) => Math.max(most, one.depth), 0);
  const current = boxes.some(({ frame }) => frame === active) ? active : (boxes[0]?.frame ?? 0);
  const handleKey = (event: KeyboardEvent) => {
    const next = neighbourOf(boxes, flame.frames, current, event.key);
    if (next !== undefined) setActive(next);
    else if (event.key === "Enter" || event.key === " ") onSelect(current);
    else if (event.key === "Escape" && root !== undefined) onZoom(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <div
      aria-activedescendant={`frame-${current}`}
      aria-label="Flame of critical paths"
      className="group/flame relative mx-4 mb-3 outline-none max-phone:mx-3.5"
      onKeyDown={handleKey}
      ref={box}
      role="tree"
      style={{ height: (depth + 1) * ROW_PX }}
      tabIndex={0}
    >
      {boxes.map((one) => {
        const frame = flame.frames[one.frame];
        if (frame === undefined || widthPx === 0) return null;
        const width = (one.to - one.from) * widthPx;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around the boxes has the keys
          <div
            aria-label={`${frame.name}, ${formatShare(frame.totalUs / Math.max(1, flame.totalUs))}, ${formatDuration(Math.round(frame.totalUs))}`}
            aria-level={one.depth + 1}
            aria-selected={one.frame === selected}
            className={`ledger-piece absolute cursor-pointer overflow-hidden text-xs leading-[21px] whitespace-nowrap ${width >= MIN_TEXT_PX ? "px-1.5" : ""} ${one.frame === selected ? "z-10 ring-2 ring-accent" : ""} ${one.frame === current ? "group-focus-visible/flame:z-10 group-focus-visible/flame:ring-2 group-focus-visible/flame:ring-ink" : ""}`}
            id={`frame-${one.frame}`}
            key={one.frame}
            onClick={() => {
              setActive(one.frame);
              onSelect(one.frame);
            }}
            onDoubleClick={() => onZoom(one.frame)}
            role="treeitem"
            style={
              {
                left: one.from * widthPx,
                top: one.depth * ROW_PX,
                width: Math.max(1, width - 1),
                height: ROW_PX - 1,
                "--piece": colourOf(frame),
              } as React.CSSProperties
            }
            tabIndex={-1}
            title={`${frame.name} ${frame.detail}\n${formatShare(frame.totalUs / Math.max(1, flame.totalUs))} of all, ${formatDuration(Math.round(frame.totalUs))}`}
          >
            {width >= MIN_TEXT_PX && frame.name}
          </div>
        );
      })}
    </div>
  );
}

/** The frame an arrow leads to: up to the caller, down to the widest called, sideways to the next box of the row. */
function neighbourOf(
  boxes: readonly FlameBox[],
  frames: readonly FlameFrame[],
  current: number,
  key: string,
): number | undefined {
  const at = boxes.find(({ frame }) => frame === current);
  if (at === undefined) return undefined;
  if (key === "ArrowUp") return boxes.find(({ frame }) => frame === frames[current]?.parent)?.frame;
  if (key === "ArrowDown") {
    const below = boxes.filter(({ frame }) => frames[frame]?.parent === current);
    return below.sort((a, b) => b.to - b.from - (a.to - a.from))[0]?.frame;
  }
  const row = boxes.filter(({ depth }) => depth === at.depth).sort((a, b) => a.from - b.from);
  const place = row.findIndex(({ frame }) => frame === current);
  if (key === "ArrowRight") return row[place + 1]?.frame;
  return key === "ArrowLeft" ? row[place - 1]?.frame : undefined;
}

function FrameDetails({ flame, frame, onZoom }: { flame: Flame; frame: FlameFrame; onZoom: () => void }) {
  return (
    <section
      aria-label={`Step ${frame.name}`}
      className="border-t border-line bg-bg px-4 py-3 text-sm max-phone:px-3.5"
    >
      <div className="flex items-start justify-between gap-3">
        <h3 className="min-w-0 text-md [overflow-wrap:anywhere]">
          {frame.name} <span className="font-normal text-ink-3">in {frame.service}</span>
        </h3>
        <Button onClick={onZoom} size="sm">
          Zoom
        </Button>
      </div>
      {frame.detail !== "" && <p className="mono mt-0.5 text-ink-2 [overflow-wrap:anywhere]">{frame.detail}</p>}
      <p className="mt-1">
        {formatShare(frame.totalUs / Math.max(1, flame.totalUs))} of all waiting,{" "}
        {formatShare(frame.ownUs / Math.max(1, flame.totalUs))} in its own work. In {formatCount(frame.traceCount)} of{" "}
        {formatCount(flame.traceCount)} requests, {frame.calls.toFixed(frame.calls >= 10 ? 0 : 1)} × each.
      </p>
      <ul className="mt-1 flex flex-wrap gap-x-4">
        {frame.exemplars.map(({ traceId, onPathUs }) => (
          <li key={traceId}>
            <Link
              className="link touch:inline-flex touch:min-h-11 touch:items-center"
              href={routes.trace(traceId)}
              prefetch={false}
            >
              <span className="mono">{traceId.slice(0, 12)}</span>, {formatDuration(Math.round(onPathUs))} here
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
