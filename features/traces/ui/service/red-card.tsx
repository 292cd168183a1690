import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { durationQuantity, formatDuration, formatShare, toText } from "@/lib/format";
import type { DurationQuantiles, RedReply, RedTotals } from "../../contract";
import { rateText } from "../../domain/service-view/rate-text";
import { beforeName } from "../../domain/service-view/red-headline";
import { RedPlot } from "./red-plot";

/** Rate, errors and durations: figures on the left, the chart, and what they were before. */
export function RedCard({ reply, windowName }: { reply: RedReply; windowName: string }) {
  const { against } = reply;
  const now = against?.now.totals ?? reply.totals;
  return (
    <Card aria-labelledby="red" className="overflow-clip">
      <CardHeader
        actions={
          <span className="flex items-center gap-3 text-xs text-ink-2">
            <span className="inline-flex items-center gap-1.5">
              <i
                aria-hidden
                className="inline-block size-2.5 rounded-[2px] bg-[color-mix(in_srgb,var(--s1)_70%,var(--surface))]"
              />
              {against?.kind === "deploy" ? "since deploy" : "now"}
            </span>
            {against !== null && (
              <span className="inline-flex items-center gap-1.5">
                <i aria-hidden className="inline-block size-2.5 rounded-[2px] border-[1.5px] border-ink" /> before
              </span>
            )}
          </span>
        }
        id="red"
        meta={windowName}
        title="Rate, errors, duration"
      />
      <div className="flex gap-3 px-4 pb-2 max-phone:px-3.5">
        <dl className="m-0 w-[104px] shrink-0 text-sm max-phone:w-[78px]">
          <Figure
            isTall
            before={against?.before.totals}
            label="Rate"
            text={({ perSecond }, beside) => rateText(perSecond, beside?.perSecond)}
            totals={now}
          />
          <Figure
            before={against?.before.totals}
            label="Errors"
            text={({ errorShare }) => (errorShare === null ? "–" : formatShare(errorShare))}
            totals={now}
          />
          <Durations totals={now} />
        </dl>
        <RedPlot reply={reply} />
      </div>
      <CardFooter className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        <span>{reply.originText}</span>
        {against !== null && <span>{againstText(reply)}</span>}
        <Coverage reply={reply} />
        {reply.notes.map(({ code, text }) => (
          <span key={code}>{text}</span>
        ))}
      </CardFooter>
    </Card>
  );
}

type FigureProps = {
  label: string;
  totals: RedTotals;
  before: RedTotals | undefined;
  text: (totals: RedTotals, beside: RedTotals | undefined) => string;
  /** Beside the taller band of the chart. */
  isTall?: boolean;
};

function Figure({ label, totals, before, text, isTall }: FigureProps) {
  return (
    <div className={isTall ? "h-[92px] pt-[20px]" : "h-[48px]"}>
      <dt className="text-ink-2">{label}</dt>
      <dd className={`m-0 flex gap-x-1.5 whitespace-nowrap ${isTall ? "flex-col" : "items-baseline"}`}>
        <span className="text-lg font-medium">{text(totals, before)}</span>
        {before !== undefined && (
          <span className={`text-xs text-ink-3 ${isTall ? "" : "max-phone:hidden"}`}>was {text(before, totals)}</span>
        )}
      </dd>
    </div>
  );
}

/** Three of them are drawn; more lines would hide the cells below. */
const LINES: { name: string; key: keyof DurationQuantiles; dash?: string; colour?: string }[] = [
  { name: "p99", key: "p99Us", dash: "4 3", colour: "var(--ink)" },
  { name: "p95", key: "p95Us", dash: "", colour: "var(--bad)" },
  { name: "p90", key: "p90Us" },
  { name: "p75", key: "p75Us" },
  { name: "p50", key: "p50Us", dash: "2 2", colour: "var(--ink)" },
];

function Durations({ totals: { quantiles } }: { totals: RedTotals }) {
  return (
    <div>
      <dt className="text-ink-2">Duration</dt>
      {quantiles === null ? (
        <dd className="m-0 text-ink-3">not known</dd>
      ) : (
        LINES.map(({ name, key, dash, colour }) => (
          <dd className="m-0 mt-1 flex items-center gap-1.5 whitespace-nowrap" key={name}>
            <svg aria-hidden className="max-phone:hidden" height="6" width="16">
              {colour !== undefined && <path d="M0 3H16" stroke={colour} strokeDasharray={dash} strokeWidth="1.6" />}
            </svg>
            <span className={name === "p95" ? "font-semibold text-bad" : "text-ink-2"}>{name}</span>
            <b className="ml-auto font-semibold">{toText(durationQuantity(quantiles[key]))}</b>
          </dd>
        ))
      )}
    </div>
  );
}

function againstText(reply: RedReply): string {
  const { against } = reply;
  const before = against?.before.totals.quantiles;
  if (against === null) return "";
  const requests =
    against.before.totals.count === null ? "" : `, ${against.before.totals.count.toLocaleString("en-US")} requests`;
  return before == null
    ? `No requests ${beforeName(reply)}.`
    : `Outline: ${beforeName(reply)} (p95 ${formatDuration(before.p95Us)}${requests}).`;
}

/** How much of the window was read; nothing to say when it is all of it. */
function Coverage({ reply: { coverage } }: { reply: RedReply }) {
  if (coverage === null || (coverage.complete >= 0.999 && coverage.truncatedCount === 0)) return null;
  const share = formatShare(coverage.complete);
  return (
    <span className="font-medium text-warn" role="status">
      {coverage.complete < 0.999 &&
        `${share} of the window is read${coverage.filling === "failing" ? "" : ", the rest is being fetched"}. `}
      {coverage.truncatedCount > 0 && "In some seconds more traces started than the source gives. "}
      {coverage.trouble}
    </span>
  );
}
