"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { formatBytes, formatCount } from "@/lib/format";
import { idOfSpan, type RawDocument, spanOfLine } from "../../domain/raw/raw-text";
import { rowOf } from "../../domain/trace-skeleton";
import { spanQuery } from "../../queries";
import { usePageKeys } from "../use-view-keys";
import { RawBar } from "./raw-bar";
import { RawLine } from "./raw-line";
import { useLineWindow } from "./use-line-window";
import { type RawFound, useRawFind } from "./use-raw-find";
import { useSelectedRawSpan } from "./use-selected-raw-span";
import type { ViewProps } from "./view-props";

const LINE_PX = 18;
/** The top bar and the bar of this view stand over the lines. */
const COVERED_ABOVE_PX = 48 + 40;

/** The lines of the document. Those near the viewport exist; the selected span is marked and can be copied. */
export function RawText(props: ViewProps & { document: RawDocument }) {
  const { document, state, dispatch, gridRef, trace } = props;
  const { lines } = document;
  const findRef = useRef<HTMLInputElement>(null);
  const boxRef = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(-1);
  const found = useRawFind(document, state.rawText);
  const window = useLineWindow(boxRef, { count: lines.count, linePx: LINE_PX, coveredPx: COVERED_ABOVE_PX });
  const span = useSelectedRawSpan(props);
  const select = useSelectRawSpan(props);
  const { scrollTo } = window;
  const firstLine = span === -1 ? -1 : (lines.spanFirst[span] ?? -1);
  // Outside system: the page's scroll position, which follows the selected span.
  useEffect(() => {
    if (firstLine !== -1) scrollTo(firstLine);
  }, [firstLine, scrollTo]);
  const foundAt = Math.min(place, found.lines.length - 1);
  const step = (by: 1 | -1) => {
    const next = stepOf(found, foundAt, by);
    setPlace(next);
    const line = found.lines[next];
    if (line !== undefined) scrollTo(line);
  };
  usePageKeys(({ key }) => {
    if (key === "s") findRef.current?.focus();
    else if (key === "j" || key === "k") select(nextSpan(document, span, key === "j" ? 1 : -1), false);
    else return false;
    return true;
  });
  const handleClick = (event: MouseEvent) => {
    const line =
      event.target instanceof Element ? event.target.closest("[data-line]")?.getAttribute("data-line") : null;
    // Who marks text to copy it does not want another span.
    if (line == null || !globalThis.getSelection()?.isCollapsed) return;
    select(spanOfLine(lines, Number(line)), true);
  };
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || state.selected === undefined) return;
    event.preventDefault();
    dispatch({ type: "select", span: state.selected.span, isOpening: true });
  };
  return (
    <>
      <RawBar
        document={document}
        findRef={findRef}
        found={found}
        foundAt={foundAt}
        onFind={(text) => {
          setPlace(-1);
          dispatch({ type: "rawText", text });
        }}
        onStep={step}
        span={span}
        text={state.rawText}
      />
      <div className="overflow-x-auto overflow-y-clip py-1">
        {/* biome-ignore lint/a11y/useSemanticElements: what takes the keys of a view is a div in all of them */}
        <div
          aria-label={`OTLP JSON of trace ${trace.traceId}, ${formatCount(lines.count)} lines, ${formatBytes(document.bytes.length)}`}
          className="mono relative outline-offset-[-2px]"
          onClick={handleClick}
          onKeyDown={handleKeyDown}
          ref={gridRef}
          role="region"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
        >
          <div ref={boxRef} style={{ height: window.heightPx }}>
            {Array.from({ length: Math.max(0, window.to - window.from) }, (_, at) => window.from + at).map((line) => (
              <RawLine
                document={document}
                isCurrent={line === found.lines[foundAt]}
                isSelected={span !== -1 && line >= firstLine && line <= (lines.spanLast[span] ?? -1)}
                key={line}
                line={line}
                linePx={LINE_PX}
                text={state.rawText}
                topPx={window.topPx + (line - window.from) * LINE_PX}
              />
            ))}
          </div>
        </div>
      </div>
    </>
  );
}

function stepOf({ lines }: RawFound, at: number, by: 1 | -1): number {
  if (lines.length === 0) return -1;
  return (at + by + lines.length) % lines.length;
}

function nextSpan({ lines: { spanCount } }: RawDocument, span: number, step: 1 | -1): number {
  if (span === -1) return step === 1 ? 0 : spanCount - 1;
  return Math.min(spanCount - 1, Math.max(0, span + step));
}

/** Selects a span of the document in the trace; where the page has no ids, the server says which it is. */
function useSelectRawSpan({ document, trace, dispatch }: ViewProps & { document: RawDocument }) {
  const queryClient = useQueryClient();
  const { traceId, version, skeleton } = trace;
  return (at: number, isOpening: boolean) => {
    const id = at === -1 ? "" : idOfSpan(document, at);
    if (id === "") return;
    const known = rowOf(skeleton, id);
    if (known !== undefined) dispatch({ type: "select", span: known, isOpening });
    if (skeleton.spanIds !== undefined) return;
    queryClient
      .query(spanQuery({ traceId, span: id, version }))
      .then(({ row }) => dispatch({ type: "select", span: row, isOpening }))
      // The file may hold a span that came after the version that is shown.
      .catch(() => undefined);
  };
}
