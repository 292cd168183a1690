import { formatCount, formatDuration } from "@/lib/format";
import type { UsualReply } from "../../contract";
import type { FindingsReply } from "../../domain/diagnosis/finding";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { KIND_LABELS } from "../../domain/verdict/finding-words";
import { computeLedger, type LedgerSegment, subjectOf } from "../../domain/verdict/ledger";
import type { Pressable } from "../../domain/verdict/pressables";
import { clauseLook } from "./clause-colour";
import { isGapClause } from "./gap-clause";

type VerdictLedgerProps = {
  reply: FindingsReply;
  trace: TraceSkeleton;
  usual: UsualReply["baseline"] | undefined;
  pressed: Pressable | undefined;
  /** What fixing the first finding would be worth everywhere, in a sentence. */
  caption: string | undefined;
};

/** A segment narrower than this share of the scale has no room for its time. */
const MIN_LABELLED_SHARE = 0.11;

/** This request, the same without its first finding, and what is usual: bars on one scale. */
export function VerdictLedger({ reply, trace, usual, pressed, caption }: VerdictLedgerProps) {
  const ledger = computeLedger(reply, usual === undefined ? 0 : reachOf(usual, reply.verdict.durationUs));
  const { scaleUs, now, fixed } = ledger;
  const share = (us: number) => `${Math.min(100, (us / scaleUs) * 100).toFixed(3)}%`;
  const kind = fixed === undefined ? undefined : reply.findings[fixed.findingIndex]?.kind;
  const bar = { reply, trace, pressed, scaleUs };
  return (
    <dl className="grid grid-cols-[88px_minmax(0,1fr)_64px] items-center gap-x-2 gap-y-1 px-4 py-2.5 text-sm max-phone:grid-cols-[78px_minmax(0,1fr)_56px] max-phone:px-3">
      <dt className="text-ink-3">{subjectOf(reply.verdict)}</dt>
      <dd className="vd-bar relative m-0 h-[18px]">
        <Segments segments={now} {...bar} />
      </dd>
      <dd className="m-0 text-right font-semibold whitespace-nowrap">{formatDuration(reply.verdict.durationUs)}</dd>
      {fixed !== undefined && kind !== undefined && (
        <>
          <dt className="leading-[15px] text-ink-3">{KIND_LABELS[kind]} fixed</dt>
          <dd className="vd-bar relative m-0 h-[18px]">
            <Segments segments={fixed.segments} {...bar} />
            <span
              className="absolute inset-y-px truncate rounded-[2px] border border-dashed border-ink-3 px-1 text-xs/[14px] text-ink-2"
              style={{ left: `calc(${share(fixed.durationUs)} + 3px)`, width: `calc(${share(fixed.savesUs)} - 3px)` }}
            >
              {fixed.savesUs / scaleUs > 0.2 && <>saves {formatDuration(fixed.savesUs)}</>}
            </span>
          </dd>
          <dd className="m-0 text-right font-semibold whitespace-nowrap">{formatDuration(fixed.durationUs)}</dd>
        </>
      )}
      {usual !== undefined && <UsualRow scaleUs={scaleUs} usual={usual} />}
      {caption !== undefined && <dd className="col-[2/-1] m-0 -mt-0.5 text-xs/[14px] text-ink-3">{caption}</dd>}
    </dl>
  );
}

/** How far the scale goes beyond a request that is quicker than usual: to its p99, but the bar stays to be read. */
function reachOf({ durationUs: { p50Us, p99Us } }: UsualReply["baseline"], durationUs: number): number {
  return Math.min(p99Us * 1.02, 1.35 * Math.max(durationUs, p50Us));
}

type SegmentsProps = Pick<VerdictLedgerProps, "reply" | "trace" | "pressed"> & {
  segments: readonly LedgerSegment[];
  scaleUs: number;
};

function Segments({ segments, reply, trace, pressed, scaleUs }: SegmentsProps) {
  let reachedUs = 0;
  return segments.map(({ clauseIndex, timeUs }) => {
    const fromUs = reachedUs;
    reachedUs += timeUs;
    const clause = reply.verdict.clauses[clauseIndex];
    if (clause === undefined) return null;
    const look = clauseLook(trace, clause, isGapClause(reply, clause));
    const isPressed = pressed !== undefined && pressed.clauseIndex === clauseIndex;
    return (
      <span
        className={`${look.className} ${isPressed ? "is-pressed" : ""} absolute inset-y-px overflow-hidden border-r-[1.5px] border-surface pl-1 text-xs/[16px] font-semibold whitespace-nowrap`}
        key={clauseIndex}
        style={{
          ...look.style,
          left: `${((fromUs / scaleUs) * 100).toFixed(3)}%`,
          width: `${((timeUs / scaleUs) * 100).toFixed(3)}%`,
        }}
        title={`${formatDuration(timeUs)}, ${clause.text}`}
      >
        {timeUs / scaleUs >= MIN_LABELLED_SHARE && look.className === "vd-solid" ? formatDuration(timeUs) : ""}
      </span>
    );
  });
}

/** p5 to p95 as a box, p50 as a tick, a whisker to p99; what lies beyond the scale is cut at its end. */
function UsualRow({ usual, scaleUs }: { usual: UsualReply["baseline"]; scaleUs: number }) {
  const { p5Us, p50Us, p95Us, p99Us } = usual.durationUs;
  const at = (us: number) => `${Math.min(100, (us / scaleUs) * 100).toFixed(3)}%`;
  const width = (fromUs: number, toUs: number) =>
    `${Math.max(0, Math.min(100, (toUs / scaleUs) * 100) - (fromUs / scaleUs) * 100).toFixed(3)}%`;
  const hasRoom = p99Us / scaleUs < 0.62;
  return (
    <>
      <dt className="text-ink-3">Usual</dt>
      <dd
        className="relative m-0 h-[18px]"
        title={`p5 ${formatDuration(p5Us)}, p50 ${formatDuration(p50Us)}, p95 ${formatDuration(p95Us)}, p99 ${formatDuration(p99Us)}, of ${formatCount(usual.traceCount)} traces`}
      >
        <svg aria-hidden className="absolute inset-0 size-full text-ink-3">
          <line stroke="currentColor" strokeWidth="1.2" x1={at(p5Us)} x2={at(p99Us)} y1="9" y2="9" />
          <rect fill="var(--line-strong)" height="10" width={width(p5Us, p95Us)} x={at(p5Us)} y="4" />
          <rect fill="var(--ink)" height="14" transform="translate(-1 0)" width="2" x={at(p50Us)} y="2" />
          {p99Us <= scaleUs && <rect fill="currentColor" height="8" width="1.2" x={at(p99Us)} y="5" />}
        </svg>
        <span
          className={`text-xs/[18px] text-ink-3 ${hasRoom ? "absolute inset-y-0 right-0 overflow-hidden" : "sr-only"}`}
          style={hasRoom ? { left: `calc(${at(p99Us)} + 7px)` } : {}}
        >
          {/* A part without room goes to a second line, which is not seen. */}
          <span className="inline-block whitespace-nowrap">p95 {formatDuration(p95Us)}</span>
          <span className="inline-block whitespace-pre">, p99 {formatDuration(p99Us)}</span>
          <span className="inline-block whitespace-pre">, n = {formatCount(usual.traceCount)}</span>
        </span>
      </dd>
      <dd className="m-0 text-right font-semibold whitespace-nowrap">{formatDuration(p50Us)}</dd>
    </>
  );
}
