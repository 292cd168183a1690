import { X } from "lucide-react";
import Link from "next/link";
import { IconButton } from "@/components/ui/icon-button";
import { formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { CompareReply } from "../../contract";
import { calls, signed } from "../../domain/compare-view/compare-report";

type StepDetailsProps = {
  reply: CompareReply;
  step: number;
  names: { before: string; after: string };
  onClose: () => void;
};

/** One step in full: its statement, in how many requests it is, what it costs on each side, and requests to look at. */
export function StepDetails({ reply, step: index, names, onClose }: StepDetailsProps) {
  const step = reply.steps[index];
  if (step === undefined) return null;
  const sides = [
    { name: names.before, side: step.before, all: reply.before },
    { name: names.after, side: step.after, all: reply.after },
  ];
  return (
    <section aria-label={`Step ${step.name}`} className="border-t border-line bg-bg px-4 py-3 text-sm max-phone:px-3.5">
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <h3 className="text-md [overflow-wrap:anywhere]">
            {step.name} <span className="font-normal text-ink-3">in {step.service}</span>
          </h3>
          {step.detail !== "" && (
            <p className="mono mt-0.5 max-h-20 overflow-y-auto [overflow-wrap:anywhere] text-ink-2">{step.detail}</p>
          )}
        </div>
        <IconButton label="Close the step" onClick={onClose} size="sm">
          <X aria-hidden />
        </IconButton>
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-2 max-phone:grid-cols-1">
        {sides.map(({ name, side, all }, at) => (
          <div key={at === 0 ? "before" : "after"}>
            <dt className="text-ink-3">{name}</dt>
            <dd className="m-0">
              {side.presentIn === 0 ? (
                "Not called."
              ) : (
                <>
                  In {formatCount(side.presentIn)} of {formatCount(all.readCount)} requests read, {calls(side.calls)} ×
                  a request, {formatDuration(Math.round(side.timeUs))} in it, {formatDuration(Math.round(side.ownUs))}{" "}
                  of the wait.
                </>
              )}
              <Examples ids={all.exemplars} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-ink-2">
        {signed(step.changeUs)} in own work, {signed(step.changeBelowUs)} with all below. {certainty(step.qValue)}
      </p>
    </section>
  );
}

function Examples({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <span className="mt-0.5 flex flex-wrap gap-x-3">
      {ids.slice(0, 3).map((id) => (
        <Link
          className="link mono touch:inline-flex touch:min-h-11 touch:items-center"
          href={routes.trace(id)}
          key={id}
        >
          {id.replace(/^upload-/, "").slice(0, 8)}
        </Link>
      ))}
    </span>
  );
}

function certainty(qValue: number | null): string {
  if (qValue === null) return "Too few requests to tell chance from change.";
  if (qValue <= 0.001) return "Beyond chance: fewer than 1 in 1,000 such findings would be wrong.";
  if (qValue <= 0.05) return "Beyond chance at a false-discovery rate of 5\u202f%.";
  return "Within chance.";
}
