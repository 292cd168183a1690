import { Columns3, Download, Flame } from "lucide-react";
import Link from "next/link";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { US_PER_MS } from "@/lib/units";
import type { TraceSummary } from "../../contract";
import { type Brush, isInBrush } from "../../domain/search-view/brush";
import { pathsAddress } from "../../domain/search-view/paths-search";
import { SEARCH_RANKS, type SearchRank, type SearchView } from "../../domain/search-view/search-address";
import { toCsv, toJsonFile } from "../../domain/search-view/summaries-file";
import { COLUMN_CHOICES } from "../summary-columns";
import type { Found } from "./use-found";
import type { SearchAddress } from "./use-search-view";

const RANKS: { value: SearchRank; label: string; title: string }[] = [
  { value: "newest", label: "Newest", title: "Latest start first, or as the columns say" },
  { value: "slowest", label: "Slowest", title: "The slowest of the window, with a proof" },
  { value: "usual", label: "× usual", title: "How many times as long as is usual for their operation" },
  { value: "errors", label: "Errors", title: "Most failed spans" },
  { value: "spans", label: "Spans", title: "Most spans" },
];

/** What is listed, in which order, with which columns, and where else it leads. */
export function ListChoices({ found, address: { view, change } }: { found: Found; address: SearchAddress }) {
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
