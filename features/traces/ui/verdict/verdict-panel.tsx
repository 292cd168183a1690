"use client";

import { type ReactNode, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Card } from "@/components/ui/card";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatDuration } from "@/lib/format";
import { companyText, doubtText } from "../../domain/diagnosis/doubt-text";
import { type FindingKind, type FindingsReply, TRUST_KINDS } from "../../domain/diagnosis/finding";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { KIND_LABELS } from "../../domain/verdict/finding-words";
import { FindingList } from "./finding-list";
import type { VerdictState } from "./use-verdict";
import { VerdictLedger } from "./verdict-ledger";
import { VERDICT_HEIGHT, VerdictLoading } from "./verdict-loading";
import { VerdictSentence } from "./verdict-sentence";
import "./verdict.css";

const AND = new Intl.ListFormat("en-GB", { type: "conjunction" });

type VerdictPanelProps = {
  state: VerdictState;
  trace: TraceSkeleton;
  caption: string | undefined;
  /** What to do about it: matching runbooks. */
  actions: ReactNode;
};

/** Why the trace took as long as it did: a sum, its ledger, the findings behind it and what to do. */
export function VerdictPanel({ state, trace, caption, actions }: VerdictPanelProps) {
  const { reply } = state;
  const [hadPlaceholder] = useState(reply === undefined);
  if (reply === undefined && state.isPending) return <VerdictLoading />;
  if (reply === undefined) {
    return (
      <Card aria-label="Why it took so long" className="mb-2.5">
        <ErrorState onRetry={state.onRetry} problem={state.problem}>
          <p>Why this trace took its time is not known. Still works: the waterfall below, and every other view.</p>
        </ErrorState>
      </Card>
    );
  }
  const isHealthy = !reply.verdict.isConfident && reply.findings.every(({ severity }) => severity === "info");
  // Whoever reads the waterfall already must not lose the line: what was reserved is kept, and says what was looked for.
  const isTall = isHealthy && reply.findings.length === 0 && hadPlaceholder;
  return (
    <Card
      aria-label="Why it took so long"
      className={`mb-2.5 flex flex-col overflow-clip ${hadPlaceholder ? VERDICT_HEIGHT : ""}`}
    >
      {isHealthy ? (
        <HealthyLine reply={reply} />
      ) : (
        <>
          <Failure reply={reply} />
          {reply.verdict.clauses.length > 0 ? (
            <VerdictSentence {...state} reply={reply} trace={trace} />
          ) : (
            <p className="vd-say px-4 pt-2.5 pb-2">{reply.verdict.sentence}</p>
          )}
          <Doubt reply={reply} />
        </>
      )}
      {(!isHealthy || reply.findings.length > 0 || isTall) && (
        <div className="grid grow border-t border-line desk:grid-cols-[minmax(0,560px)_minmax(0,1fr)]">
          <div className="flex min-w-0 flex-col">
            <VerdictLedger caption={caption} pressed={state.pressed} reply={reply} trace={trace} usual={state.usual} />
            {!isHealthy && <div className="mt-auto">{actions}</div>}
          </div>
          <div className="min-w-0 border-line max-desk:border-t desk:border-l">
            {isTall ? <NothingFound /> : <FindingList {...state} reply={reply} />}
          </div>
        </div>
      )}
    </Card>
  );
}

/** One line: nothing to look for, or a slowness that no finding explains. */
function HealthyLine({ reply: { verdict, findings } }: { reply: FindingsReply }) {
  const { durationUs, standing } = verdict;
  const doubt = doubtText(verdict, findings);
  const company = companyText(verdict);
  // Of a request that is slow the usual is part of the doubt.
  const usualUs = standing?.isSlow === true && verdict.pace === undefined ? undefined : standing?.typicalUs;
  return (
    <p className="flex items-center gap-2.5 px-4 py-2.5 text-md text-ink-2">
      <StateGlyph className="size-4" tone={doubt === undefined ? "ok" : "warn"} />
      <span>
        <b className="font-semibold text-ink">{formatDuration(durationUs)}</b>, {doubt ?? "nothing in it stands out"}
        {usualUs === undefined ? "." : `; ${formatDuration(usualUs)} is usual.`}
        {company === undefined ? "" : ` ${company}`}
      </span>
    </p>
  );
}

const CAUSES = Object.entries(KIND_LABELS).flatMap(([kind, label]) =>
  TRUST_KINDS.has(kind as FindingKind) ? [] : [label.replace(/^[A-Z](?!\+)/, (letter) => letter.toLowerCase())],
);

function NothingFound() {
  return (
    <p className="px-4 py-2.5 text-sm text-pretty text-ink-3">
      Looked for, and none of it large enough to matter: {AND.format(CAUSES)}.
    </p>
  );
}

/** A request that failed is told with why it failed, before where its time went. */
function Failure({ reply: { verdict, findings } }: { reply: FindingsReply }) {
  const failure = findings.find(({ kind, severity }) => kind === "error-origin" && severity === "critical");
  if (failure === undefined || verdict.clauses.length === 0) return null;
  return (
    <p className="flex items-start gap-2.5 px-4 pt-2.5 text-md font-medium text-ink max-phone:px-3">
      <StateGlyph className="mt-0.5 size-4 shrink-0" tone="bad" />
      <bdi className="min-w-0 [overflow-wrap:anywhere]">{failure.sentence}</bdi>
    </p>
  );
}

/** Never a cause with confidence that is not there: what stays unexplained is said, and how common the slowness is. */
function Doubt({ reply: { verdict, findings } }: { reply: FindingsReply }) {
  const doubt = doubtText(verdict, findings);
  const isTrustLoud = findings.some(({ kind, severity }) => severity !== "info" && TRUST_KINDS.has(kind));
  const texts = [
    doubt === undefined ? undefined : `${doubt.charAt(0).toUpperCase()}${doubt.slice(1)}.`,
    doubt === undefined && isTrustLoud && !verdict.isConfident
      ? "No cause stands out, and the trace itself is in doubt: see the findings."
      : undefined,
    companyText(verdict),
  ].filter((text) => text !== undefined);
  if (texts.length === 0) return null;
  return (
    <p className="flex items-center gap-2 px-4 pb-2.5 text-md text-ink-2 max-phone:px-3">
      <StateGlyph tone="warn" />
      {texts.join(" ")}
    </p>
  );
}
