import { Segmented } from "@/components/ui/segmented";
import { formatCount } from "@/lib/format";
import { TRACE_VIEWS, type TraceViewName } from "../../domain/verdict/trace-views";

const LABELS: Record<TraceViewName, string> = {
  waterfall: "Waterfall",
  flame: "Flame",
  operations: "Operations",
  spans: "Spans",
  raw: "Raw",
};

type ViewSwitchProps = { view: TraceViewName; onChange: (view: TraceViewName) => void; spanCount: number };

/** Chooses how the spans of the trace are shown. */
export function ViewSwitch({ view, onChange, spanCount }: ViewSwitchProps) {
  const options = TRACE_VIEWS.map((name) => ({
    value: name,
    label:
      name === "spans" ? (
        <>
          Spans <span className="text-xs text-ink-3 max-phone:hidden">{formatCount(spanCount)}</span>
        </>
      ) : (
        LABELS[name]
      ),
  }));
  return <Segmented label="View" onChange={onChange} options={options} value={view} />;
}
