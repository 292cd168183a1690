import type { TraceSkeleton } from "./trace-skeleton";
import { toZoomWindow, type ZoomWindow } from "./zoom-window";

type Shown = Pick<TraceSkeleton, "services" | "durationUs">;

/** What of a trace's view belongs into its address, beside the selected span. */
export type AddressedView = { find: string; hiddenServices: ReadonlySet<number>; zoom: ZoomWindow };

const MAX_FIND_LENGTH = 200;
/** Parameters of an address that this module owns. */
export const VIEW_PARAMS = ["find", "hide", "zoom"] as const;

/** The view an address asks for; whatever does not fit the trace is left out. */
export function parseTraceAddress(trace: Shown, params: Pick<URLSearchParams, "get" | "getAll">): AddressedView {
  const hidden = new Set(params.getAll("hide"));
  const indices = trace.services.flatMap((service, index) => (hidden.has(service || "unknown") ? [index] : []));
  return {
    find: (params.get("find") ?? "").slice(0, MAX_FIND_LENGTH),
    hiddenServices: new Set(indices),
    zoom: parseZoom(params.get("zoom") ?? "", trace.durationUs),
  };
}

function parseZoom(text: string, durationUs: number): ZoomWindow {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  const from = Number(match?.[1]);
  const isInside = match !== null && from < durationUs && from < Number(match[2]);
  return isInside ? toZoomWindow(from, Number(match[2]), durationUs) : toZoomWindow(0, durationUs, durationUs);
}

/** The same view as parameters; what is as it always is has none. */
export function toTraceAddress(trace: Shown, { find, hiddenServices, zoom }: AddressedView): [string, string][] {
  const params: [string, string][] = [];
  if (find.trim() !== "") params.push(["find", find.slice(0, MAX_FIND_LENGTH)]);
  for (const index of hiddenServices) params.push(["hide", trace.services[index] || "unknown"]);
  if (!isWhole(zoom, trace.durationUs)) params.push(["zoom", `${Math.floor(zoom.fromUs)}-${Math.ceil(zoom.toUs)}`]);
  return params;
}

/** Whether a window shows all of a trace. */
export function isWhole(zoom: ZoomWindow, durationUs: number): boolean {
  return zoom.fromUs === 0 && zoom.toUs >= durationUs;
}
