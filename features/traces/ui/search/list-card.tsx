"use client";

import { GitCompareArrows } from "lucide-react";
import Link from "next/link";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { FactsReply } from "../../contract";
import { LEAST_USUAL } from "../../domain/facts/times-usual";
import { printTerm } from "../../domain/query/print-query-line";
import { coverageText } from "../../domain/search-view/coverage-text";
import type { SearchRank } from "../../domain/search-view/search-address";
import { SUMMARY_SORTS, type SummarySort, toSummarySortText } from "../../domain/summary-order";
import { SummaryTable } from "../summary-table";
import { ListChoices } from "./list-choices";
import { ProofBadge, RankingProgress } from "./proof-badge";
import type { Found } from "./use-found";
import type { SearchAddress } from "./use-search-view";

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
  const { picked } = address.view;
  const setPicked = (ids: string[]) => address.change({ picked: ids }, "replace");
  const pick = (id: string) =>
    setPicked(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id].slice(-2));
  const isRanking = isRanked && ranking.query.isFetching;
  return (
    <Card aria-label="Traces" className="col-span-full overflow-clip">
      <header className="flex min-h-10 flex-wrap items-center gap-x-2.5 gap-y-1.5 px-3 py-1 max-phone:px-3.5 max-phone:py-2">
        <h2 className="text-md whitespace-nowrap">{titleOf(view.rank, rows.length, found)}</h2>
        <Badge found={found} rank={view.rank} />
        <PickedBar onClear={() => setPicked([])} picked={picked} />
        <ListChoices address={address} found={found} />
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
  if (isRanked && rank === "slowest") return shown === 0 ? "Slowest" : `Slowest ${formatCount(shown)}`;
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

/** What the source's own search leaves out or cuts. */
function SpanNotes({ found: { spans, leftOut } }: { found: Found }) {
  const texts = spans?.notes.map(({ text }) => text) ?? [];
  if (leftOut.length > 0)
    texts.push(`The trace source cannot search by ${leftOut.map(printTerm).join(", ")}; it is left out.`);
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
