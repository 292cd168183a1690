import { useMemo } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount } from "@/lib/format";
import { countPerPeer, countPerService } from "../domain/span-text";
import type { TraceSkeleton } from "../domain/trace-skeleton";

/** Two lines of them fit. */
const MOST_PEERS = 4;

type ServiceFilterProps = {
  trace: TraceSkeleton;
  hidden: ReadonlySet<number>;
  onToggle: (service: number) => void;
};

/** The trace's services with their spans; pressing one takes it out of the rows and back. */
export function ServiceFilter({ trace, hidden, onToggle }: ServiceFilterProps) {
  const counts = useMemo(() => countPerService(trace), [trace]);
  const peers = useMemo(() => countPerPeer(trace).slice(0, MOST_PEERS), [trace]);
  return (
    <ul aria-label="Services shown" className="flex min-w-0 flex-wrap content-center gap-x-1 px-1.5 text-xs">
      {counts.map(({ service, spans, errors }) => {
        const name = trace.services[service] || "unknown";
        const isShown = !hidden.has(service);
        return (
          <li className="min-w-0 max-w-full" key={service}>
            <button
              aria-pressed={isShown}
              className={`inline-flex h-[19px] max-w-full items-center gap-1 rounded-sm px-1 whitespace-nowrap hover:bg-sunken touch:h-11 touch:px-2 ${isShown ? "text-ink-2" : "text-ink-3 line-through"}`}
              onClick={() => onToggle(service)}
              title={`${isShown ? "Hide" : "Show"} ${name}`}
              type="button"
            >
              <ServiceMark service={name} size={9} />
              <bdi className="truncate">{name}</bdi>{" "}
              <b className="font-semibold text-ink tabular-nums">{formatCount(spans)}</b>
              {errors > 0 && <span className="font-semibold text-bad">× {formatCount(errors)}</span>}
            </button>
          </li>
        );
      })}
      {peers.map(({ peer, spans }) => (
        <li
          className="inline-flex h-[19px] max-w-full min-w-0 items-center gap-1 px-1 whitespace-nowrap text-ink-3 touch:h-6 touch:self-center touch:px-2"
          key={peer}
          title={`Calls to ${peer}, counted within the services that make them`}
        >
          <ServiceMark service={peer} size={9} />
          <bdi className="truncate">to {peer}</bdi> <span className="tabular-nums">{formatCount(spans)}</span>
        </li>
      ))}
    </ul>
  );
}
