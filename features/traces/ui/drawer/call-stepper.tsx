import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { formatCount } from "@/lib/format";
import { membersOf } from "../../domain/waterfall/trace-plan";
import type { Selection, TraceViewAction } from "../trace-view-state";
import type { WaterfallView } from "../use-waterfall";

type CallStepperProps = {
  view: WaterfallView;
  selection: Selection;
  dispatch: (action: TraceViewAction) => void;
};

/** Walks through the calls of a fold, or the members of a short run, one at a time. Nothing for a span on its own. */
export function CallStepper({ view, selection, dispatch }: CallStepperProps) {
  const calls = callsOf(view, selection);
  if (calls === undefined) return null;
  const { rows, slowest } = calls;
  const at = rows.indexOf(selection.span);
  const goTo = (span: number | undefined) => {
    if (span !== undefined)
      dispatch({ type: "selectRow", selection: { ...selection, span, ref: refOf(selection, span) } });
  };
  const noun = selection.kind === "short" ? "span" : "call";
  const isSlowest = selection.span === slowest;
  return (
    <div className="mt-1 flex items-center gap-1 text-sm">
      <IconButton disabled={at <= 0} label={`Previous ${noun}`} onClick={() => goTo(rows[at - 1])} size="sm">
        <ChevronLeft aria-hidden />
      </IconButton>
      <span aria-live="polite">
        {noun} <b className="font-semibold">{formatCount(at + 1)}</b> of {formatCount(rows.length)}
        {isSlowest && ", the slowest"}
      </span>
      <IconButton disabled={at >= rows.length - 1} label={`Next ${noun}`} onClick={() => goTo(rows[at + 1])} size="sm">
        <ChevronRight aria-hidden />
      </IconButton>
      {!isSlowest && slowest !== undefined && (
        <Button className="ml-auto" onClick={() => goTo(slowest)} size="sm" variant="ghost">
          The slowest
        </Button>
      )}
    </div>
  );
}

/** A span is selected by itself; a fold stays selected while its calls change. */
function refOf({ kind, ref }: Selection, span: number): number {
  return kind === "span" ? span : ref;
}

function callsOf({ plan, shorts }: WaterfallView, { kind, ref, span }: Selection) {
  if (kind === "short") {
    const from = shorts.start[ref] ?? 0;
    return { rows: shorts.rows.subarray(from, shorts.start[ref + 1] ?? from), slowest: undefined };
  }
  const group = kind === "group" ? ref : (plan.groups.ofRow[span] ?? -1);
  if (group === -1) return undefined;
  return { rows: membersOf(plan.groups, group), slowest: plan.groups.slowest[group] };
}
