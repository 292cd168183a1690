"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import type { RedReply } from "../../contract";
import { type OperationRow, toOperationRows, WORSE_RATIO } from "../../domain/service-view/operation-rows";
import { rateText } from "../../domain/service-view/rate-text";
import { beforeName } from "../../domain/service-view/red-headline";
import { WORSE_MEDIAN_RATIO } from "../../domain/service-view/sure-ratios";
import type { RunbookSlot } from "../runbook-slot";
import { CommonFinding } from "./common-finding";
import { MiniHistogramPicture } from "./mini-histogram-picture";
import { OperationDetails } from "./operation-details";
import { QUANTILES } from "./quantiles";

type OperationTableProps = {
  reply: RedReply;
  /** The same against the other stretch, for the second column of changes. */
  other: RedReply | undefined;
  opened: string;
  onOpen: (operation: string) => void;
  Runbooks: RunbookSlot;
};

/** Operations whose slowest requests are read for what they have in common: those that matter most stand first. */
const MOST_FINDINGS = 6;
const AGAINST_WORDS = { deploy: "deploy", previous: "previous", week: "last week" } as const;

/** The operations by added wait; one opens to its distribution, why its slowest requests are slow, and those requests. */
export function OperationTable({ reply, other, opened, onOpen, Runbooks }: OperationTableProps) {
  const rows = toOperationRows(reply);
  const others = new Map(other === undefined ? [] : toOperationRows(other).map((row) => [row.operation, row]));
  const hasBefore = reply.against !== null;
  const hasOther = hasBefore && other?.against != null;
  return (
    <Card aria-labelledby="operations" className="overflow-clip">
      <CardHeader id="operations" meta={metaText(reply, rows)} title="Operations" />
      {rows.length === 0 ? (
        <p className="px-4 pb-5 text-ink-2">
          {reply.basis === "unknown" ? "Its requests are not known yet." : "No request in this window."}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section aria-label="Operations, scrolls sideways" className="overflow-x-auto" tabIndex={0}>
          <table className="w-full min-w-[980px] border-collapse max-phone:min-w-0 text-md">
            <thead>
              <tr className="h-8 text-xs text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:px-2 [&>th]:text-right [&>th]:font-medium">
                <th className="pl-4! text-left!" scope="col">
                  Operation
                </th>
                <th className="max-phone:hidden" scope="col">
                  Rate
                </th>
                <th className="max-phone:hidden" scope="col">
                  Errors
                </th>
                <th className="w-[150px] text-left! max-phone:hidden" scope="col">
                  Durations
                </th>
                {QUANTILES.map(({ name }) => (
                  <th className={name === "p95" ? "" : "max-phone:hidden"} key={name} scope="col">
                    {name}
                  </th>
                ))}
                {hasBefore && <th scope="col">p95 vs {AGAINST_WORDS[reply.against?.kind ?? "previous"]}</th>}
                {hasOther && (
                  <th className="max-phone:hidden" scope="col">
                    vs {AGAINST_WORDS[other?.against?.kind ?? "previous"]}
                  </th>
                )}
                <th className="max-phone:hidden" scope="col">
                  Time share
                </th>
                <th className="pr-4! text-left! max-phone:hidden" scope="col">
                  Finding
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <OperationLine
                  Runbooks={Runbooks}
                  hasBefore={hasBefore}
                  hasFinding={at < MOST_FINDINGS || row.operation === opened}
                  isOpen={row.operation === opened}
                  key={row.operation}
                  onToggle={() => onOpen(row.operation === opened ? "" : row.operation)}
                  other={hasOther ? (others.get(row.operation) ?? null) : undefined}
                  reply={reply}
                  row={row}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {rows.length > 0 && (
        <CardFooter className="text-xs">
          Changes are of the p95, marked where they are beyond chance (p50: half of the requests).
          {hasBefore ? ` Outline: ${beforeName(reply)}.` : ""} Ticks below a histogram: p50, p95, p99. With fewer than
          30 requests on a side a change is not judged. Finding: what stands first in most of its three slowest
          requests.
        </CardFooter>
      )}
    </Card>
  );
}

function metaText(reply: RedReply, rows: readonly OperationRow[]): string {
  const shown =
    rows.length < reply.operationCount
      ? `${formatCount(rows.length)} of ${formatCount(reply.operationCount)}`
      : formatCount(rows.length);
  const worse = rows.filter(({ state }) => state === "worse").length;
  const order = reply.against === null ? "by time spent" : "by added wait";
  return `${shown}, ${order}${worse > 0 ? `; ${formatCount(worse)} got worse` : ""}`;
}

type OperationLineProps = {
  row: OperationRow;
  reply: RedReply;
  hasBefore: boolean;
  hasFinding: boolean;
  /** Undefined where there is no second column. */
  other: OperationRow | null | undefined;
  isOpen: boolean;
  onToggle: () => void;
  Runbooks: RunbookSlot;
};

function OperationLine(props: OperationLineProps) {
  const { row, reply, hasBefore, hasFinding, other, isOpen, onToggle, Runbooks } = props;
  const { now } = row;
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const columns = 6 + QUANTILES.length + (hasBefore ? 1 : 0) + (other === undefined ? 0 : 1);
  return (
    <>
      <tr className="h-9 border-b border-grid hover:bg-sunken touch:h-11 [&>td]:px-2 [&>td]:text-right [&>td]:whitespace-nowrap [&>td]:tabular-nums">
        <th className="max-w-[300px] pl-3 text-left max-phone:w-full max-phone:max-w-0 font-normal" scope="row">
          <button
            aria-expanded={isOpen}
            className="flex w-full min-w-0 items-center gap-1.5 rounded-sm border-0 bg-transparent py-1 text-left touch:min-h-11"
            onClick={onToggle}
            type="button"
          >
            <Icon aria-hidden className="shrink-0 text-ink-3" size={14} />
            <bdi className="mono truncate" title={row.operation}>
              {row.operation}
            </bdi>
          </button>
        </th>
        <td className="max-phone:hidden">{rateText(now.perSecond)}</td>
        <td className={`max-phone:hidden ${(row.errorShareDelta ?? 0) >= 0.01 ? "font-semibold text-bad" : ""}`}>
          {now.errorShare === null ? "–" : formatShare(now.errorShare)}
        </td>
        <td className="max-phone:hidden">
          <MiniHistogramPicture height={26} row={row} width={134} />
        </td>
        {QUANTILES.map(({ name, key }) => (
          <td className={name === "p95" ? "font-semibold" : "max-phone:hidden"} key={name}>
            {now.quantiles === null ? "–" : formatDuration(now.quantiles[key])}
          </td>
        ))}
        {hasBefore && (
          <td>
            <Change row={row} />
          </td>
        )}
        {other !== undefined && <td className="max-phone:hidden">{other === null ? "–" : <Change row={other} />}</td>}
        <td className="max-phone:hidden">
          <TimeShare share={row.timeShare} />
        </td>
        <td className="pr-4! text-left! max-phone:hidden">
          {hasFinding ? (
            <CommonFinding operation={row.operation} service={reply.service} />
          ) : (
            <span className="text-ink-3" title="Looked at when the operation is opened">
              –
            </span>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td className="border-b border-line bg-bg p-0 max-phone:max-w-0" colSpan={columns}>
            <OperationDetails Runbooks={Runbooks} reply={reply} row={row} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Marked only where it is beyond chance, as the headline says it; of the p95, or of half of the requests. */
function Change({ row: { p95Ratio, sure, isEnough } }: { row: OperationRow }) {
  if (p95Ratio === null) return <span className="text-ink-3">–</span>;
  if (!isEnough)
    return (
      <span className="text-ink-3" title="Too few requests to judge">
        few
      </span>
    );
  const { p50, p95 } = { p50: sure.p50 ?? 1, p95: sure.p95 ?? 1 };
  if (p95 >= WORSE_RATIO || p50 >= WORSE_MEDIAN_RATIO) {
    return (
      <Chip className="bg-transparent px-0 text-sm" tone="bad">
        {p95 >= WORSE_RATIO ? `×${timesText(p95)}` : `p50 ×${timesText(p50)}`}
      </Chip>
    );
  }
  if (p95 <= 1 / WORSE_RATIO) return <span className="font-semibold text-ok">▼ ×{p95.toFixed(2)}</span>;
  if (p50 <= 1 / WORSE_MEDIAN_RATIO) return <span className="font-semibold text-ok">▼ p50 ×{p50.toFixed(2)}</span>;
  const percent = Math.round((p95Ratio - 1) * 100);
  return (
    <span className="text-ink-2">
      {percent === 0 ? "0" : percent > 0 ? `+${percent}` : `−${-percent}`}
      {"\u202f%"}
    </span>
  );
}

const timesText = (ratio: number): string => (ratio >= 10 ? String(Math.round(ratio)) : ratio.toFixed(1));

function TimeShare({ share }: { share: number | null }) {
  if (share === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className="block h-1.5 w-10 overflow-hidden rounded-full bg-sunken">
        <i className="block h-full bg-ink-3" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="min-w-8">
        {share > 0 && share < 0.01 ? "<1\u202f%" : formatShare(Math.round(share * 100) / 100)}
      </span>
    </span>
  );
}
