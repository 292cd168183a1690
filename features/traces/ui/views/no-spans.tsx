import { SearchX } from "lucide-react";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import type { TraceViewAction, TraceViewState } from "../trace-view-state";

type NoSpansProps = { state: TraceViewState; dispatch: (action: TraceViewAction) => void };

/** A query or hidden services leave nothing to show: which of them, and the way back. */
export function NoSpans({ state, dispatch }: NoSpansProps) {
  const hasQuery = state.find.trim() !== "";
  const showAll = () => {
    for (const service of state.hiddenServices) dispatch({ type: "service", service });
  };
  return (
    <EmptyState
      action={
        <>
          {hasQuery && <Button onClick={() => dispatch({ type: "find", text: "" })}>Clear the query</Button>}
          {state.hiddenServices.size > 0 && <Button onClick={showAll}>Show all services</Button>}
        </>
      }
      icon={<SearchX />}
      title={hasQuery ? "No span matches" : "All services are hidden"}
    >
      <p>{hasQuery ? "The query leaves none of this trace's spans." : "Spans show again with their service."}</p>
    </EmptyState>
  );
}
