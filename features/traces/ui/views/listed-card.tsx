import type { ComponentProps } from "react";
import { NoSpans } from "./no-spans";
import { ViewCard } from "./view-card";

type ListedCardProps = Omit<ComponentProps<typeof ViewCard>, "hiddenServices" | "dispatch"> &
  ComponentProps<typeof NoSpans> & {
    /** Rows of the list; without any it says why there are none. */
    count: number;
  };

/** A view that is a list of what the query and the shown services leave. */
export function ListedCard({ count, state, dispatch, children, ...card }: ListedCardProps) {
  return (
    <ViewCard dispatch={dispatch} hiddenServices={state.hiddenServices} {...card}>
      {count === 0 ? <NoSpans dispatch={dispatch} state={state} /> : children}
    </ViewCard>
  );
}
