"use client";

import { Info } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { type Finding, type FindingsReply, MAX_EVIDENCE_SPANS, type Severity } from "../../domain/diagnosis/finding";
import { KIND_LABELS, markOperation, subjectOf } from "../../domain/verdict/finding-words";
import type { Pressable } from "../../domain/verdict/pressables";
import { newnessOf, newText, type UsualOfTrace } from "../../domain/waterfall/usual-rows";
import type { VerdictState } from "./use-verdict";
import { Phrases } from "./verdict-sentence";

/** More are a press away; a list of hundreds of retries helps nobody. */
const FIRST_SHOWN = 6;
const COLUMNS =
  "grid grid-cols-[34px_minmax(0,1fr)_44px_minmax(76px,118px)_minmax(96px,132px)] items-center gap-x-2 pr-3 max-phone:grid-cols-[22px_minmax(0,1fr)_auto] max-phone:gap-x-1.5 max-phone:px-3";

type FindingListProps = Pick<VerdictState, "pressables" | "pressed" | "press" | "usualOfTrace"> & {
  reply: FindingsReply;
};

/** The findings, what saves most first; pressing one shows its spans and what it means. */
export function FindingList({ reply, pressables, pressed, press, usualOfTrace }: FindingListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const { findings, verdict } = reply;
  const largestUs = Math.max(1, ...findings.map(({ savesUs }) => savesUs));
  const aloneUs = (index: number) =>
    verdict.durationUs - (reply.evidence.savedDurationsUs[index] ?? verdict.durationUs);
  const isCut = !isWhole && findings.length > FIRST_SHOWN + 1;
  const shown = pressables.filter(({ findingIndex }) => findingIndex !== undefined);
  return (
    <div className="min-w-0">
      <div className={`${COLUMNS} h-6 border-b border-line text-xs text-ink-3 max-phone:hidden`}>
        <span />
        <h2 className="text-xs font-medium">
          {formatCount(findings.length)} {findings.length === 1 ? "finding" : "findings"}
        </h2>
        <span aria-hidden className="text-right">
          Share
        </span>
        <span aria-hidden className="text-right">
          Usual
        </span>
        <span aria-hidden className="text-right whitespace-nowrap">
          Fixing it saves here
        </span>
      </div>
      <ul aria-label="Findings" className="vd-finding">
        {shown.slice(0, isCut ? FIRST_SHOWN : shown.length).map((pressable) => {
          const finding = findings[pressable.findingIndex ?? -1];
          if (finding === undefined) return null;
          const clause = pressable.clauseIndex === undefined ? undefined : verdict.clauses[pressable.clauseIndex];
          return (
            <FindingRow
              aloneUs={aloneUs(pressable.findingIndex ?? -1)}
              finding={finding}
              spanCount={reply.evidence.spanCounts[pressable.findingIndex ?? -1] ?? finding.spanIds.length}
              isPressed={pressable.key === pressed?.key}
              key={pressable.key}
              largestUs={largestUs}
              onPress={press}
              pressable={pressable}
              subject={subjectOf(finding, clause)}
              usualOfTrace={usualOfTrace}
            />
          );
        })}
      </ul>
      {isCut && (
        <Button className="m-2" onClick={() => setIsWhole(true)} size="sm" variant="ghost">
          All {formatCount(findings.length)} findings
        </Button>
      )}
    </div>
  );
}

/** What stands before it already says. */
const withoutKind = (subject: string, kind: Finding["kind"]): string => subject.replace(` (${KIND_LABELS[kind]})`, "");

type FindingRowProps = {
  finding: Finding;
  /** What it would save by itself. */
  aloneUs: number;
  /** Spans it is about, of which it carries at most {@link MAX_EVIDENCE_SPANS}. */
  spanCount: number;
  subject: string;
  pressable: Pressable;
  isPressed: boolean;
  usualOfTrace: UsualOfTrace | undefined;
  largestUs: number;
  onPress: (pressable: Pressable) => void;
};

function FindingRow(props: FindingRowProps) {
  const { finding, spanCount, subject, pressable, isPressed, usualOfTrace, largestUs, onPress } = props;
  const { kind, severity, operation, shareOfTrace, savesUs, sentence } = finding;
  return (
    <li className="border-b border-grid last:border-b-0">
      <button
        aria-pressed={isPressed}
        className={`${COLUMNS} w-full border-0 bg-transparent py-1 text-left text-sm hover:bg-sunken aria-pressed:bg-accent-soft touch:min-h-11`}
        onClick={() => onPress(pressable)}
        type="button"
      >
        <SeverityMark severity={severity} />
        <span className={`min-w-0 ${isPressed ? "" : "truncate max-phone:whitespace-normal"}`}>
          <b className="mr-2 text-md font-semibold">{KIND_LABELS[kind]}</b>
          <Phrases phrases={markOperation(withoutKind(subject, kind), operation)} />
        </span>
        <span className="text-right tabular-nums max-phone:hidden">
          <span className="sr-only">, share of the trace: </span>
          {shareOfTrace === 0 ? "–" : formatShare(shareOfTrace)}
        </span>
        <UsualOf finding={finding} rows={pressable.rows} usualOfTrace={usualOfTrace} />
        <Saving aloneUs={props.aloneUs} isTimed={shareOfTrace > 0} largestUs={largestUs} savesUs={savesUs} />
      </button>
      {isPressed && (
        <p className="bg-accent-soft pr-4 pb-2 pl-[42px] text-sm text-ink-2 [overflow-wrap:anywhere] max-phone:px-3">
          <bdi>{sentence}</bdi>
          {spanCount > MAX_EVIDENCE_SPANS &&
            ` The first ${formatCount(MAX_EVIDENCE_SPANS)} of ${formatCount(spanCount)} spans are marked.`}
        </p>
      )}
    </li>
  );
}

type UsualOfProps = { finding: Finding; rows: readonly number[]; usualOfTrace: UsualOfTrace | undefined };

/** What is usual; a step that is new has nothing that is, and says since when. */
function UsualOf({ finding: { usual, severity }, rows, usualOfTrace }: UsualOfProps) {
  const newness = usual === undefined && usualOfTrace !== undefined ? newnessOf(usualOfTrace, rows) : undefined;
  if (newness !== undefined) {
    const text = newText(newness.release);
    return (
      <span
        className={`truncate text-right font-semibold max-phone:order-last max-phone:col-[2/-1] max-phone:text-left ${severity === "info" ? "text-ink-2" : "text-bad"}`}
        title={text}
      >
        <span className="sr-only">, </span>
        {text}
      </span>
    );
  }
  if (usual === undefined) {
    return <span className="text-right text-ink-3 max-phone:hidden">–</span>;
  }
  const rest = `p95 ${formatDuration(usual.p95Us)}, of ${formatCount(usual.count)} traces`;
  return (
    <span
      className="truncate text-right tabular-nums max-phone:order-last max-phone:col-[2/-1] max-phone:text-left max-phone:text-ink-3"
      title={rest}
    >
      <span className="sr-only">, </span>
      <span className="phone:sr-only">usual </span>
      {formatDuration(usual.p50Us)}
      <span className="text-ink-3 max-phone:sr-only">, p95 {formatDuration(usual.p95Us)}</span>
    </span>
  );
}

type SavingProps = { savesUs: number; aloneUs: number; largestUs: number; isTimed: boolean };

/** Below this share of the trace's saving two figures differ by rounding. */
const SHARED_SHARE = 0.02;

/**
 * What is as usual, or decided nothing by itself, saves 0; where an error began is not about time. Time that a finding
 * above saves too is not promised again.
 */
function Saving({ savesUs, aloneUs, largestUs, isTimed }: SavingProps) {
  const isShared = aloneUs - savesUs > Math.max(1, SHARED_SHARE * aloneUs);
  const shared = `Alone it saves ${formatDuration(aloneUs)}; the findings above save ${savesUs === 0 ? "all" : "part"} of that, too.`;
  if (savesUs === 0 && isShared) {
    return (
      <span className="text-right whitespace-nowrap text-ink-3" title={shared}>
        <span className="sr-only">, fixing it: </span>saved above
      </span>
    );
  }
  if (savesUs === 0) {
    return (
      <span className="text-right whitespace-nowrap text-ink-3">
        <span className="sr-only">, fixing it saves </span>
        {isTimed ? "0" : "–"}
      </span>
    );
  }
  return (
    <span className="grid grid-cols-[minmax(0,1fr)_56px] items-center gap-2 max-phone:grid-cols-[auto]">
      <span aria-hidden className="flex justify-end max-phone:hidden">
        <span className="h-[7px] min-w-px bg-ok" style={{ width: `${(savesUs / largestUs) * 100}%` }} />
      </span>
      <span className="text-right font-semibold whitespace-nowrap tabular-nums" title={isShared ? shared : undefined}>
        <span className="sr-only">, fixing it saves {isShared ? "beyond those above " : ""}</span>
        <span className="phone:hidden">−</span>
        {formatDuration(savesUs)}
      </span>
    </span>
  );
}

function SeverityMark({ severity }: { severity: Severity }) {
  if (severity === "info") {
    return <Info aria-label="Info" className="ml-2.5 size-[15px] text-ink-3 max-phone:ml-0" role="img" />;
  }
  const [tone, label] = severity === "critical" ? (["bad", "Critical"] as const) : (["warn", "Warning"] as const);
  return <StateGlyph className="ml-2.5 size-[15px] max-phone:ml-0" label={label} tone={tone} />;
}
