import { useEffect, useRef } from "react";
import type { FoldContext } from "../domain/waterfall/fold-context";
import { findRow, isMissingText, toRowText } from "../domain/waterfall/row-address";
import type { UsualOfTrace } from "../domain/waterfall/usual-rows";
import type { TraceViewAction, TraceViewState } from "./trace-view-state";

type SelectedAs = {
  context: FoldContext;
  usual: UsualOfTrace | undefined;
  state: Pick<TraceViewState, "selected" | "isDrawerOpen">;
  dispatch: (action: TraceViewAction) => void;
  /** What the address said when the page opened. */
  opened: string | undefined;
};

/**
 * What the address says a selection is beside its span. A missing step that it names is selected when what is usual has
 * come, unless the reader has chosen something else until then.
 */
export function useSelectedAs({ context, usual, state, dispatch, opened }: SelectedAs): string | undefined {
  const { selected } = state;
  const waiting = useRef(
    isMissingText(opened) && selected !== undefined ? { selected, text: opened ?? "" } : undefined,
  );
  // Outside system: the answer that says what is usual.
  useEffect(() => {
    const wanted = waiting.current;
    if (wanted === undefined || (usual === undefined && wanted.selected === selected)) return;
    waiting.current = undefined;
    if (wanted.selected !== selected) return;
    const selection = findRow(context, usual, { span: selected.span, text: wanted.text });
    if (selection !== undefined) dispatch({ type: "selectRow", selection });
  }, [context, usual, selected, dispatch]);
  if (selected === undefined) return undefined;
  // Until then it stays in the address, for whoever loads the page again.
  if (usual === undefined && selected.kind === "span" && isMissingText(opened)) return opened;
  return toRowText(context, usual, selected);
}
