import { useMemo } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount } from "@/lib/format";
import { countPerService } from "../domain/span-text";
import type { TraceSkeleton } from "../domain/trace-skeleton";

type ServiceFilterProps = {
  trace: TraceSkeleton;
  hidden: ReadonlySet<number>;
  onToggle: (service: number) => void;
};

/** The trace's services with their spans; pressing one takes it out of the rows and back. */
export function ServiceFilter({ trace, hidden, onToggle }: ServiceFilterProps) {
  const counts = useMemo(() => countPerService(trace), [trace]);
  return (
    <ul aria-label="Services shown" className="flex flex-wrap content-center gap-x-1 px-1.5 text-xs">
      {counts.map(({ service, spans, errors }) => {
        const name = trace.services[service] || "unknown";
        const isShown = !hidden.has(service);
        return (
          <li key={service}>
            <button
              aria-pressed={isShown}
              className={`inline-flex h-[19px] items-center gap-1 rounded-sm px-1 whitespace-nowrap hover:bg-sunken touch:h-11 touch:px-2 ${isShown ? "text-ink-2" : "text-ink-3 line-through"}`}
              onClick={() => onToggle(service)}
              title={`${isShown ? "Hide" : "Show"} ${name}`}
              type="button"
            >
              <ServiceMark service={name} size={9} />
              {name} <b className="font-semibold text-ink">{formatCount(spans)}</b>
              {errors > 0 && <span className="font-semibold text-bad">× {formatCount(errors)}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
