import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { ServiceFilter } from "../service-filter";
import type { TraceViewAction } from "../trace-view-state";

type ViewCardProps = {
  label: string;
  trace: TraceSkeleton;
  hiddenServices: ReadonlySet<number>;
  dispatch: (action: TraceViewAction) => void;
  /** What is shown, in a few words; beside the services. */
  meta: ReactNode;
  /** Where hiding a service would change nothing. */
  withoutServices?: boolean;
  /** Keys and marks. */
  footer: ReactNode;
  children: ReactNode;
};

/** The frame of a view that is not the waterfall: the trace's services above, how to read it below. */
export function ViewCard(props: ViewCardProps) {
  const { label, trace, hiddenServices, dispatch, meta, withoutServices = false, footer, children } = props;
  return (
    <Card aria-label={label} className="tv overflow-clip">
      <div className="flex min-h-9 items-center gap-x-3 border-b border-line py-1 pr-3 max-phone:flex-col max-phone:items-stretch max-phone:pr-0">
        {withoutServices ? (
          <h2 className="px-3 text-md font-medium">{label}</h2>
        ) : (
          <ServiceFilter
            hidden={hiddenServices}
            onToggle={(service) => dispatch({ type: "service", service })}
            trace={trace}
          />
        )}
        <p className="ml-auto shrink-0 text-xs whitespace-nowrap text-ink-3 max-phone:ml-0 max-phone:px-2.5 max-phone:pb-1 max-phone:whitespace-normal">
          {meta}
        </p>
      </div>
      {children}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-2.5 py-1.5 text-xs text-ink-3">
        {footer}
      </div>
    </Card>
  );
}
