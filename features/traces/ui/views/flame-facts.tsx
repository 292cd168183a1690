import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { colouredAs, detailOf, nameOf, serviceOf } from "../../domain/span-text";
import { SPAN_KINDS, type TraceSkeleton } from "../../domain/trace-skeleton";
import type { FlameFrames } from "../../domain/views/flame-frames";

export type FrameOf = { trace: TraceSkeleton; frames: FlameFrames; frame: number };

/** "12 × SELECT cards in board-web, 120 ms, 34 % of the work, 2 failed": a frame for those who do not see it. */
export function frameLabel({ trace, frames, frame }: FrameOf): string {
  const span = frames.longest[frame] ?? 0;
  const calls = frames.spanCount[frame] ?? 0;
  const errors = frames.errors[frame] ?? 0;
  return [
    `${calls > 1 ? `${formatCount(calls)} × ` : ""}${nameOf(trace, span)} in ${serviceOf(trace, span)}`,
    `${formatDuration(frames.durationUs[frame] ?? 0)}`,
    `${formatShare(shareOf(frames, frame))} of the work`,
    ...((frames.pathUs[frame] ?? 0) > 0 ? ["on the critical path"] : []),
    ...(errors > 0 ? [`${formatCount(errors)} failed`] : []),
  ].join(", ");
}

const shareOf = (frames: FlameFrames, frame: number): number =>
  frames.totalUs === 0 ? 0 : (frames.workUs[frame] ?? 0) / frames.totalUs;

/** What a frame is: name, service, and its figures. */
export function FrameFacts({ trace, frames, frame }: FrameOf) {
  const span = frames.longest[frame] ?? 0;
  const calls = frames.spanCount[frame] ?? 0;
  const errors = frames.errors[frame] ?? 0;
  const pathUs = frames.pathUs[frame] ?? 0;
  const detail = detailOf(trace, span);
  return (
    <>
      <FrameName calls={calls} span={span} trace={trace} />
      {detail !== "" && calls === 1 && <p className="mono truncate text-xs text-ink-3">{detail}</p>}
      <dl className="flex flex-wrap gap-x-4 text-sm text-ink-2">
        <Figure name={calls > 1 ? "total" : "took"} value={formatDuration(frames.durationUs[frame] ?? 0)} />
        <Figure name="own work" value={formatDuration(frames.selfUs[frame] ?? 0)} />
        <Figure name="of all work" value={formatShare(shareOf(frames, frame))} />
        <Figure name="on the path" value={pathUs > 0 ? formatDuration(pathUs) : "–"} />
        {calls > 1 && <Figure name="longest" value={formatDuration(trace.spanDurationUs[span] ?? 0)} />}
        {errors > 0 && <Figure isBad name="failed" value={`× ${formatCount(errors)}`} />}
      </dl>
    </>
  );
}

function FrameName({ trace, span, calls }: { trace: TraceSkeleton; span: number; calls: number }) {
  const kind = SPAN_KINDS[trace.kind[span] ?? 0] ?? "unspecified";
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-md">
      <ServiceMark service={colouredAs(trace, span)} />
      <span className="truncate font-semibold">
        {calls > 1 && `${formatCount(calls)} × `}
        {nameOf(trace, span)}
      </span>
      <span className="min-w-0 shrink-[2] truncate text-sm text-ink-3">
        {serviceOf(trace, span)}
        {kind === "unspecified" || kind === "internal" ? "" : `, ${kind}`}
      </span>
    </p>
  );
}

function Figure({ name, value, isBad = false }: { name: string; value: string; isBad?: boolean }) {
  return (
    <div className="flex flex-row-reverse items-baseline gap-1 whitespace-nowrap">
      <dt className="text-ink-3">{name}</dt>
      <dd className={`font-semibold ${isBad ? "text-bad" : "text-ink"}`}>{value}</dd>
    </div>
  );
}
