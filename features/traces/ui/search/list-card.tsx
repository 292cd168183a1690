"use client";

import { Columns3, Download, Flame, GitCompareArrows } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { FactsReply, TraceSummary } from "../../contract";
import { LEAST_USUAL } from "../../domain/facts/times-usual";
import { printTerm } from "../../domain/query/print-query-line";
import { type Brush, isInBrush } from "../../domain/search-view/brush";
import { coverageText } from "../../domain/search-view/coverage-text";
import { pathsAddress } from "../../domain/search-view/paths-search";
import { SEARCH_RANKS, type SearchRank, type SearchView } from "../../domain/search-view/search-address";
import { toCsv, toJsonFile } from "../../domain/search-view/summaries-file";
import { SUMMARY_SORTS, type SummarySort, toSummarySortText } from "../../domain/summary-order";
import { COLUMN_CHOICES } from "../summary-columns";
import { SummaryTable } from "../summary-table";
import { ProofBadge, RankingProgress } from "./proof-badge";
import type { Found } from "./use-found";
import type { SearchAddress } from "./use-search-view";

const RANKS: { value: SearchRank; label: string; title: string }[] = [
  { value: "newest", label: "Newest", title: "Latest start first, or as the columns say" },
  { value: "slowest", label: "Slowest", title: "The slowest of the window, with a proof" },
  { value: "usual", label: "× usual", title: "How many times as long as is usual for their operation" },
  { value: "errors", label: "Errors", title: "Most failed spans" },
  { value: "spans", label: "Spans", title: "Most spans" },
];
const LOCAL_SORTS: ReadonlySet<SummarySort["by"]> = new Set(SUMMARY_SORTS.filter((by) => by !== "usual"));
/** The fact table sorts by figures. */
const FACT_SORTS: ReadonlySet<SummarySort["by"]> = new Set(["started", "duration", "spans", "errors", "usual"]);

type ListCardProps = {
  found: Found;
  address: SearchAddress;
  activeId: string | undefined;
  onActive: (traceId: string | undefined) => void;
  onLeave: (traceId: string) => void;
  newIds: ReadonlySet<string>;
};

/** The traces found as a list, how it is ordered, and what is known of that order. */
export function ListCard({ found, address, activeId, onActive, onLeave, newIds }: ListCardProps) {
  const { view } = address;
  const { rows, ranking, isRanked } = found;
  const [picked, setPicked] = useState<readonly string[]>([]);
  const pick = (id: string) =>
    setPicked(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id].slice(-2));
  const isRanking = isRanked && ranking.query.isFetching;
  return (
    <Card aria-label="Traces" className="col-span-full overflow-clip">
      <header className="flex min-h-10 flex-wrap items-center gap-x-2.5 gap-y-1.5 px-3 py-1 max-phone:px-3.5 max-phone:py-2">
        <h2 className="text-md whitespace-nowrap">{titleOf(view.rank, rows.length, found)}</h2>
        <Badge found={found} rank={view.rank} />
        <PickedBar onClear={() => setPicked([])} picked={picked} />
        <Choices address={address} found={found} />
      </header>
      {found.spans !== undefined && <SpanNotes found={found} />}
      {isRanking && <RankingProgress ranking={ranking} />}
      {isRanked && !isRanking && ranking.query.data === undefined && <NoRanking ranking={ranking} />}
      {isRanking && rows.length === 0 ? (
        <LoadingRows rowHeightPx={26} rows={16} />
      ) : (
        <SummaryTable
          activeId={activeId}
          brush={view.brush}
          hidden={view.hidden}
          newIds={newIds}
          onActive={onActive}
          onLeave={onLeave}
          onNearEnd={found.loadMore}
          onPick={pick}
          onSort={(sort) => address.setSort(toSummarySortText(sort))}
          picked={picked}
          sort={found.sort}
          sortable={isRanked || found.isSpans ? LOCAL_SORTS : FACT_SORTS}
          summaries={rows}
          usual={found.usual}
        />
      )}
      <Footer found={found} />
    </Card>
  );
}

function Choices({ found, address: { view, change } }: Pick<ListCardProps, "found" | "address">) {
  return (
    <span className="ml-auto flex flex-wrap items-center gap-2 max-phone:w-full">
      {view.brush !== undefined && (
        <Button
          aria-pressed={view.isOnlySelection}
          className={view.isOnlySelection ? "border-accent text-accent" : ""}
          onClick={() => change({ isOnlySelection: !view.isOnlySelection })}
          size="sm"
        >
          Only selection{found.isRanked && <span className="text-ink-3">{countIn(found.rows, view.brush)}</span>}
        </Button>
      )}
      {!found.isSpans && <RankChoice onRank={(rank) => change({ rank, isLive: false })} view={view} />}
      <PathsLink found={found} view={view} />
      <ColumnsMenu onView={change} view={view} />
      <ExportMenu rows={found.rows} />
    </span>
  );
}

/** Where the slowest of these wait, together. */
function PathsLink({ view, found }: { view: SearchView; found: Found }) {
  const range = useTimeRange();
  if (found.rows.length < 2) return null;
  return (
    <Button asChild icon={<Flame aria-hidden />} size="sm">
      <Link href={routes.criticalPath({ ...range, ...pathsAddress(view) })} prefetch={false}>
        Critical paths
      </Link>
    </Button>
  );
}

/** How many rows of the list lie in the selection. */
function countIn(rows: readonly TraceSummary[], brush: Brush): string {
  const isIn = ({ startUs, durationUs }: TraceSummary) =>
    isInBrush(brush, { startMs: startUs / US_PER_MS, durationUs });
  return formatCount(rows.filter(isIn).length);
}

function NoRanking({ ranking: { query } }: Pick<Found, "ranking">) {
  return (
    <p className="px-4 py-3 text-ink-2">
      {query.error?.message ?? "The ranking was cancelled."}{" "}
      <Button onClick={() => void query.refetch()} size="sm">
        Ask again
      </Button>
    </p>
  );
}

function titleOf(rank: SearchRank, shown: number, { isRanked, isSpans }: Found): string {
  if (isSpans) return `${formatCount(shown)} with matching spans`;
  if (isRanked && rank === "slowest") return `Slowest ${formatCount(shown)}`;
  if (isRanked && rank === "errors") return `${formatCount(shown)} with most errors`;
  if (rank === "usual") return "Slowest beside their usual";
  if (isRanked && rank === "spans") return `${formatCount(shown)} with most spans`;
  return "Traces";
}

/** The proof of a ranking; where the filters leave no ranking to the source, what the fact table knows. */
function Badge({ found, rank }: { found: Found; rank: SearchRank }) {
  const { isRanked, ranking, facts } = found;
  if (isRanked) return ranking.query.data === undefined ? null : <ProofBadge result={ranking.query.data} />;
  if (facts === undefined || rank === "newest") return null;
  const { tone, text } = coverageText(facts.coverage);
  if (rank === "usual") return <UsualBadge facts={facts} />;
  return (
    <Chip
      title="The source cannot rank by these filters; the traces that were read are sorted."
      tone={tone === "whole" ? "ok" : "warn"}
    >
      {rank === "slowest" ? "slowest" : `most ${rank}`} of {formatCount(facts.totals.count)} read
      {tone === "whole" ? "" : `, ${text}`}
    </Chip>
  );
}

/** Of how many traces these are the furthest from usual, and of how many nobody can tell. */
function UsualBadge({ facts: { totals, thinCount, coverage } }: { facts: FactsReply }) {
  const { tone, text } = coverageText(coverage);
  const thin = thinCount ?? 0;
  return (
    <Chip
      title={`Beside the median of all requests of the same root operation in this window. Operations seen fewer than ${LEAST_USUAL} times have no usual; their traces stand last.`}
      tone={tone === "whole" && thin === 0 ? "ok" : "warn"}
    >
      of {formatCount(totals.count)} read{tone === "whole" ? "" : `, ${text}`}
      {thin > 0 && `, ${formatCount(thin)} too rare to tell`}
    </Chip>
  );
}

function PickedBar({ picked, onClear }: { picked: readonly string[]; onClear: () => void }) {
  const [before, after] = picked;
  if (before === undefined) return null;
  return (
    <span className="inline-flex items-center gap-2 text-sm text-ink-2">
      {after === undefined ? (
        "Pick another with x to compare"
      ) : (
        <Button asChild icon={<GitCompareArrows aria-hidden />} size="sm">
          <Link href={routes.compare({ a: before, b: after })}>Compare the two</Link>
        </Button>
      )}
      <Button onClick={onClear} size="sm" variant="ghost">
        Clear
      </Button>
    </span>
  );
}

function RankChoice({ view, onRank }: { view: SearchView; onRank: (rank: SearchRank) => void }) {
  return (
    <>
      <span className="max-phone:hidden">
        <Segmented label="Order" onChange={onRank} options={RANKS} value={view.rank} />
      </span>
      <Select
        aria-label="Order"
        className="grow phone:hidden"
        onChange={(event) => onRank(SEARCH_RANKS.find((rank) => rank === event.target.value) ?? "newest")}
        value={view.rank}
      >
        {RANKS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </>
  );
}

function ColumnsMenu({ view, onView }: { view: SearchView; onView: SearchAddress["change"] }) {
  return (
    <Menu
      label="Columns"
      trigger={
        <IconButton className="max-phone:hidden" label="Columns">
          <Columns3 aria-hidden />
        </IconButton>
      }
    >
      {COLUMN_CHOICES.map(({ column, label }) => {
        const isHidden = view.hidden.includes(column);
        const hidden = isHidden ? view.hidden.filter((other) => other !== column) : [...view.hidden, column];
        return (
          <MenuItem checked={!isHidden} key={column} onSelect={() => onView({ hidden }, "replace")}>
            {label}
          </MenuItem>
        );
      })}
    </Menu>
  );
}

function ExportMenu({ rows }: { rows: readonly TraceSummary[] }) {
  return (
    <Menu
      label="Download"
      trigger={
        <IconButton label="Download the list">
          <Download aria-hidden />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => saveFile("traces.csv", "text/csv", toCsv(rows))}>CSV</MenuItem>
      <MenuItem onSelect={() => saveFile("traces.json", "application/json", toJsonFile(rows))}>JSON</MenuItem>
    </Menu>
  );
}

function saveFile(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The click has taken the address; the text need not stay in memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** What Jaeger's own search leaves out or cuts. */
function SpanNotes({ found: { spans, leftOut } }: { found: Found }) {
  const texts = spans?.notes.map(({ text }) => text) ?? [];
  if (leftOut.length > 0) texts.push(`Jaeger cannot search by ${leftOut.map(printTerm).join(", ")}; it is left out.`);
  if (texts.length === 0) return null;
  return <p className="border-t border-line px-3 py-1.5 text-sm text-ink-3 max-phone:px-3.5">{texts.join(" ")}</p>;
}

function Footer({ found }: { found: Found }) {
  const { rows, totals, isRanked } = found;
  const of = isRanked ? rows.length : (totals?.count ?? rows.length);
  return (
    <footer className="flex min-h-9 flex-wrap items-center gap-x-3.5 gap-y-1.5 px-3 py-1 text-sm text-ink-3">
      <span className="tabular-nums">
        {formatCount(rows.length)} of {formatCount(Math.max(of, rows.length))} shown
      </span>
      {found.hasMore && (
        <Button onClick={found.loadMore} size="sm">
          More
        </Button>
      )}
      <span className="ml-auto max-phone:hidden">
        j k row · ↵ open · x pick two to compare · b select in the plot · / query
      </span>
    </footer>
  );
}
