"use client";

import { useNow } from "@/components/hooks/use-now";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { ProgressBar } from "@/components/ui/progress-bar";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import type { SlowestProgress, SlowestResult, SlowestStep } from "../../contract";
import { asOfText, badgeText, reasonText } from "../../domain/facts/slowest-text";
import type { useRanking } from "./use-ranking";

/** Whether the ranking is proven, and on demand how: the questions asked, and the one thing they cannot see. */
export function ProofBadge({ result }: { result: SlowestResult }) {
  const nowMs = useNow();
  const knownUntilMs = Date.parse(result.knownUntil);
  // A page stays open: what was proven when it was asked is not proven of now.
  const asOf = nowMs === undefined ? undefined : asOfText(knownUntilMs, nowMs);
  const text = badgeText({ ...result, foundCount: result.traces.length, asOf }, result.by);
  return (
    <details className="relative">
      <summary className="list-none">
        <Chip tone={result.isProven ? "ok" : "warn"}>{text}</Chip>
      </summary>
      <div className="absolute top-7 left-0 z-20 w-[420px] max-w-[88vw] rounded-md border border-line bg-raised p-3.5 text-sm whitespace-normal shadow-raised max-phone:fixed max-phone:top-auto max-phone:right-2 max-phone:bottom-16 max-phone:left-2 max-phone:w-auto">
        <p className="font-semibold">{result.isProven ? "How this is proven" : "Why this is a lower bound"}</p>
        <p className="mt-1">{reasonText({ ...result, reason: result.reason.code, asOf })}</p>
        <Ladder result={result} />
        <p className="text-ink-3">
          Holds for what the source had <RelativeTime at={knownUntilMs} />.
        </p>
        {result.caveat !== null && (
          <p className="mt-1.5 text-ink-3">
            {result.caveat.text} ({formatDuration(result.caveat.spanUs)})
          </p>
        )}
        {result.notes.map(({ code, text }) => (
          <p className="mt-1.5 text-ink-3" key={code}>
            {text}
          </p>
        ))}
      </div>
    </details>
  );
}

const OUTCOMES: Record<SlowestStep["outcome"], string> = {
  whole: "all came",
  split: "page full, asked again more narrowly",
  cut: "page full, no finer question left",
};
const MOST_STEPS = 8;

function Ladder({ result: { ladder, askedCount, tookMs } }: { result: SlowestResult }) {
  const shown = ladder.slice(0, MOST_STEPS);
  return (
    <table className="my-2 w-full tabular-nums">
      <tbody>
        {shown.map(({ fromUs, toUs, minDurationUs, returnedCount, outcome, phase }) => (
          <tr key={`${phase} ${fromUs} ${toUs} ${minDurationUs}`}>
            <td className="py-0.5">{minDurationUs === null ? "every trace" : `≥ ${formatDuration(minDurationUs)}`}</td>
            <td className="pr-3.5 text-right font-semibold">{formatCount(returnedCount)}</td>
            <td className="text-ink-3">{OUTCOMES[outcome]}</td>
          </tr>
        ))}
        <tr>
          <td className="py-0.5 text-ink-3" colSpan={3}>
            {ladder.length > shown.length && `${formatCount(ladder.length - shown.length)} more. `}
            {askedCount === 0
              ? "From what was read before"
              : `${formatCount(askedCount)} ${askedCount === 1 ? "question" : "questions"}`}
            , {formatDuration(tookMs * 1000)}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** How far the ranking is, with a way out. */
export function RankingProgress({ ranking: { progress, cancel } }: { ranking: ReturnType<typeof useRanking> }) {
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2 text-sm text-ink-2" role="status">
      <div className="w-40 max-phone:w-20">
        <ProgressBar label="Ranking" share={shareOf(progress)} />
      </div>
      <span className="min-w-0 grow">{progressText(progress)}</span>
      <Button onClick={cancel} size="sm">
        Cancel
      </Button>
    </div>
  );
}

function shareOf(progress: SlowestProgress | undefined): number {
  return progress?.sweptShare ?? 0;
}

function progressText(progress: SlowestProgress | undefined): string {
  if (progress === undefined) return "Asking…";
  const { asked, seen, found, sweptShare } = progress;
  const read = sweptShare === null ? "" : `, ${formatShare(sweptShare)} of the window read`;
  return `${formatCount(asked)} questions, ${formatCount(seen)} traces seen, ${formatCount(found)} found${read}`;
}
