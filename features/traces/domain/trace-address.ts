import type { TraceSkeleton } from "./trace-skeleton";
import {
  FIRST_SORTS,
  OPERATION_COLUMNS,
  parseSortText,
  type Sorts,
  SPAN_COLUMNS,
  toSortText,
  VIEW_NAMES,
  type ViewName,
} from "./views/trace-views";
import { type FoldState, parseFoldText, toFoldText } from "./waterfall/fold-address";
import { SWITCHES, type Switches } from "./waterfall/fold-context";
import { toZoomWindow, type ZoomWindow } from "./zoom-window";

type Shown = Pick<
  TraceSkeleton,
  "services" | "durationUs" | "spanCount" | "parent" | "depth" | "childCount" | "subtreeEnd"
>;

/** What of a trace's view belongs into its address, beside the selected span. */
export type AddressedView = FoldState & {
  viewName: ViewName;
  sorts: Sorts;
  /** What is looked for in the raw text. */
  rawText: string;
  find: string;
  /** Whether only what is found is shown, with what leads to it. */
  isFiltering: boolean;
  hiddenServices: ReadonlySet<number>;
  zoom: ZoomWindow;
  switches: Switches;
};

/** Holds the exact service, name and kind of an operation. */
const MAX_FIND_LENGTH = 600;
/** Parameters of an address that this module owns. */
export const VIEW_PARAMS = ["view", "sort", "root", "text", "find", "only", "hide", "zoom", "off", "fold"] as const;

/** Where in a trace an address leads: another place is a step in the history, another look at the same one is none. */
export function placeInTrace(params: Pick<URLSearchParams, "get">): string {
  const view = VIEW_NAMES.find((name) => name === params.get("view")) ?? "waterfall";
  return view === "flame" ? `${view} ${params.get("root") ?? ""}` : view;
}

/** The view an address asks for; whatever does not fit the trace is left out. */
export function parseTraceAddress(trace: Shown, params: Pick<URLSearchParams, "get" | "getAll">): AddressedView {
  const hidden = new Set(params.getAll("hide"));
  const indices = trace.services.flatMap((service, index) => (hidden.has(service || "unknown") ? [index] : []));
  const off = new Set((params.get("off") ?? "").split("."));
  const viewName = VIEW_NAMES.find((name) => name === params.get("view")) ?? "waterfall";
  return {
    viewName,
    sorts: parseSorts(viewName, params.get("sort") ?? ""),
    rawText: (params.get("text") ?? "").slice(0, MAX_FIND_LENGTH),
    find: (params.get("find") ?? "").slice(0, MAX_FIND_LENGTH),
    isFiltering: params.get("only") === "1",
    hiddenServices: new Set(indices),
    zoom: parseZoom(params.get("zoom") ?? "", trace.durationUs),
    switches: new Set(SWITCHES.filter((name) => !off.has(name))),
    ...parseFoldText(trace, params.get("fold") ?? ""),
  };
}

/** The address says how the table is sorted that is shown; the other is as it always is. */
function parseSorts(viewName: ViewName, text: string): Sorts {
  return {
    operations:
      (viewName === "operations" ? parseSortText(text, OPERATION_COLUMNS) : undefined) ?? FIRST_SORTS.operations,
    spans: (viewName === "spans" ? parseSortText(text, SPAN_COLUMNS) : undefined) ?? FIRST_SORTS.spans,
  };
}

function parseZoom(text: string, durationUs: number): ZoomWindow {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  const from = Number(match?.[1]);
  const isInside = match !== null && from < durationUs && from < Number(match[2]);
  return isInside ? toZoomWindow(from, Number(match[2]), durationUs) : toZoomWindow(0, durationUs, durationUs);
}

/** The same view as parameters; what is as it always is has none. */
export function toTraceAddress(trace: Shown, view: AddressedView): [string, string][] {
  const { viewName, sorts, rawText, find, isFiltering, hiddenServices, zoom, switches } = view;
  const params: [string, string][] = [];
  if (viewName !== "waterfall") params.push(["view", viewName]);
  if (viewName === "operations" || viewName === "spans") {
    const sort = toSortText(sorts[viewName]);
    if (sort !== toSortText(FIRST_SORTS[viewName])) params.push(["sort", sort]);
  }
  if (viewName === "raw" && rawText !== "") params.push(["text", rawText.slice(0, MAX_FIND_LENGTH)]);
  if (find.trim() !== "") params.push(["find", find.slice(0, MAX_FIND_LENGTH)]);
  if (isFiltering) params.push(["only", "1"]);
  for (const index of hiddenServices) params.push(["hide", trace.services[index] || "unknown"]);
  if (!isWhole(zoom, trace.durationUs)) params.push(["zoom", `${Math.floor(zoom.fromUs)}-${Math.ceil(zoom.toUs)}`]);
  const off = SWITCHES.filter((name) => !switches.has(name));
  if (off.length > 0) params.push(["off", off.join(".")]);
  const fold = toFoldText(trace, view);
  if (fold !== "") params.push(["fold", fold]);
  return params;
}

/** Whether a window shows all of a trace. */
export function isWhole(zoom: ZoomWindow, durationUs: number): boolean {
  return zoom.fromUs === 0 && zoom.toUs >= durationUs;
}
