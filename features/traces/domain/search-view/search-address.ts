import { parseAttributeText } from "../attribute-text";
import { printQueryLine } from "../query/print-query-line";
import { quoteValue } from "../query/query-line";
import { type Brush, parseBrush, printBrush } from "./brush";

/** What the list shows first: new ones, a proven ranking, or what was slowest beside its own operation. */
export const SEARCH_RANKS = ["newest", "slowest", "usual", "errors", "spans"] as const;
export type SearchRank = (typeof SEARCH_RANKS)[number];
export const PLOT_KINDS = ["points", "heat"] as const;
export type PlotKind = (typeof PLOT_KINDS)[number];
export const SCALE_KINDS = ["log", "linear"] as const;
export type ScaleKind = (typeof SCALE_KINDS)[number];

/** Columns a reader may leave out; the operation and its duration always stand. */
export const CHOSEN_COLUMNS = ["cause", "services", "spans", "errors", "bar", "usual", "started"] as const;
export type ChosenColumn = (typeof CHOSEN_COLUMNS)[number];

/** The page's address beside the time range: everything a colleague must see by the link. */
export type SearchView = {
  line: string;
  rank: SearchRank;
  /** `spans`: as Jaeger searches, where operation and duration are those of any span of a trace. */
  matches: "traces" | "spans";
  /** Undefined while the reader has not chosen: many traces are a heat map, few are points. */
  plot: PlotKind | undefined;
  scale: ScaleKind;
  brush: Brush | undefined;
  isOnlySelection: boolean;
  hidden: ChosenColumn[];
  isLive: boolean;
  hasOwn: boolean;
  limit: string;
  /** The trace the reader marked last. */
  row: string | undefined;
  /** Up to two traces picked to compare. */
  picked: string[];
};

const TRACE_ID = /^[0-9a-f]{1,32}$/;

type Params = { get: (name: string) => string | null };

/** Parameters of older links, which the line took over. */
const FOLDED = ["service", "operation", "attributes", "min", "max"] as const;

/** Reads an address; what cannot be read is as if it were not there. */
export function parseSearchView(params: Params): SearchView {
  const hidden = (params.get("hide") ?? "").split(",");
  return {
    line: params.get("q") ?? foldedLine(params),
    rank: oneOf(SEARCH_RANKS, params.get("rank")) ?? "newest",
    matches: params.get("in") === "spans" ? "spans" : "traces",
    plot: oneOf(PLOT_KINDS, params.get("plot")),
    scale: oneOf(SCALE_KINDS, params.get("scale")) ?? "log",
    brush: parseBrush(params.get("brush")),
    isOnlySelection: params.get("only") === "1",
    hidden: CHOSEN_COLUMNS.filter((column) => hidden.includes(column)),
    isLive: params.get("live") === "1",
    hasOwn: params.get("own") === "1",
    limit: params.get("limit") ?? "",
    row: params.get("row") ?? undefined,
    picked: (params.get("pick") ?? "")
      .split(",")
      .filter((id) => TRACE_ID.test(id))
      .slice(0, 2),
  };
}

type Written = { [Field in keyof SearchView]: (value: SearchView[Field]) => Record<string, string> };

/** How each part of the view stands in the address; what it is anyway does not stand there. */
const WRITTEN: Written = {
  line: (q) => ({ q, ...Object.fromEntries(FOLDED.map((name) => [name, ""])) }),
  rank: (rank) => ({ rank: rank === "newest" ? "" : rank }),
  matches: (matches) => ({ in: matches === "spans" ? "spans" : "" }),
  plot: (plot) => ({ plot: plot ?? "" }),
  scale: (scale) => ({ scale: scale === "log" ? "" : scale }),
  brush: (brush) => ({ brush: brush === undefined ? "" : printBrush(brush) }),
  isOnlySelection: (isOnly) => ({ only: flag(isOnly) }),
  hidden: (hidden) => ({ hide: hidden.join(",") }),
  isLive: (isLive) => ({ live: flag(isLive) }),
  hasOwn: (hasOwn) => ({ own: flag(hasOwn) }),
  limit: (limit) => ({ limit }),
  row: (row) => ({ row: row ?? "" }),
  picked: (picked) => ({ pick: picked.join(",") }),
};

/** The parameters a change of the view writes; an empty text removes one. */
export function toSearchParamsOf(change: Partial<SearchView>): Record<string, string> {
  const fields = Object.keys(change) as (keyof SearchView)[];
  return Object.assign({}, ...fields.map((field) => writeField(field, change)));
}

function writeField<Field extends keyof SearchView>(field: Field, change: Partial<SearchView>): Record<string, string> {
  return WRITTEN[field](change[field] as SearchView[Field]);
}

/** The line that fields of older links stand for. What does not read stands in it as it is, to be seen and put right. */
function foldedLine(params: Params): string {
  const parts: string[] = [];
  for (const name of ["service", "operation"] as const) {
    const value = params.get(name)?.trim() ?? "";
    if (value !== "") parts.push(`${name}:${quoteValue(value)}`);
  }
  const min = params.get("min")?.trim() ?? "";
  const max = params.get("max")?.trim() ?? "";
  if (min !== "") parts.push(`dur>=${quoteValue(min)}`);
  if (max !== "") parts.push(`dur<=${quoteValue(max)}`);
  const text = params.get("attributes")?.trim() ?? "";
  const read = parseAttributeText(text);
  if ("problem" in read) parts.push(text);
  else {
    const pairs = Object.entries(read.attributes);
    if (pairs.length > 0) parts.push(printQueryLine(pairs.map(([key, value]) => ({ field: "attribute", key, value }))));
  }
  return parts.join(" ");
}

const flag = (isSet: boolean): string => (isSet ? "1" : "");

function oneOf<T extends string>(all: readonly T[], text: string | null): T | undefined {
  return all.find((value) => value === text);
}
