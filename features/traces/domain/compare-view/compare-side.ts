import { formatDuration } from "@/lib/format";
import { MS_PER_HOUR, US_PER_MS } from "@/lib/units";
import { type CompareSideQuery, compareQuerySchema, type GroupSearch } from "../paths/paths-query-schema";

/** How the two sides differ, as far as their searches tell. */
export const COMPARE_MODES = ["release", "time", "speed", "usual", "traces"] as const;
export type CompareMode = (typeof COMPARE_MODES)[number];
export type CompareSides = { a: CompareSideQuery; b: CompareSideQuery };

/** The resource attribute by which releases are told apart. */
export const VERSION_KEY = "service.version";

/** One side as an address has it; undefined for what is no side. */
export function parseSide(text: string | null): CompareSideQuery | undefined {
  if (text === null || text === "") return undefined;
  const parsed = compareQuerySchema.safeParse({ before: text, after: text });
  return parsed.success ? parsed.data.before : undefined;
}

/** The text {@link parseSide} reads back. */
export function toSideText(side: CompareSideQuery): string {
  return side.kind === "trace" ? side.traceId : JSON.stringify(side.search);
}

/** Both sides as `routes.compare` takes them. */
export function toAddress({ a, b }: CompareSides): { a: string; b: string } {
  return { a: toSideText(a), b: toSideText(b) };
}

/** What the two sides set apart; undefined when they differ in several ways or in none. */
export function modeOf({ a, b }: CompareSides): CompareMode | undefined {
  if (a.kind === "trace") return b.kind === "trace" ? "traces" : "usual";
  if (b.kind === "trace") return "usual";
  if (a.search.attributes?.[VERSION_KEY] !== b.search.attributes?.[VERSION_KEY]) return "release";
  if (a.search.maxDurationUs !== undefined && b.search.minDurationUs !== undefined) return "speed";
  return a.search.start === b.search.start && a.search.end === b.search.end ? undefined : "time";
}

/** The operation both sides are about, where they agree. */
export function subjectOf({ a, b }: CompareSides): { service: string; operation: string | undefined } | undefined {
  const searches = [a, b].flatMap((side) => (side.kind === "group" ? [side.search] : []));
  const [first] = searches;
  if (first?.service === undefined) return undefined;
  if (searches.some(({ service, operation }) => service !== first.service || operation !== first.operation))
    return undefined;
  return { service: first.service, operation: first.operation };
}

/** A side in a few words: "v3.14.1", "under 300 ms", "the hour to 12:04". `clock` spells a moment. */
export function nameOfSide(
  side: CompareSideQuery,
  mode: CompareMode | undefined,
  clock: (ms: number) => string,
): string {
  if (side.kind === "trace") return `trace ${side.traceId.replace(/^upload-/, "").slice(0, 8)}`;
  const { search } = side;
  const version = search.attributes?.[VERSION_KEY];
  if (mode === "release") return version ?? "other versions";
  if (mode === "speed") return speedText(search);
  if (mode === "usual") return "usual";
  if (mode === "time") return windowText(search, clock);
  return version ?? speedText(search);
}

/** When the requests of a group began: "09:10 – 10:10". */
export function windowText({ start, end }: GroupSearch, clock: (ms: number) => string): string {
  if (start === undefined && end === undefined) return "the last hour";
  return `${start === undefined ? "" : clock(start)} – ${end === undefined ? "now" : clock(end)}`;
}

function speedText({ minDurationUs, maxDurationUs }: GroupSearch): string {
  if (minDurationUs !== undefined && maxDurationUs !== undefined)
    return `${formatDuration(minDurationUs)} to ${formatDuration(maxDurationUs)}`;
  if (maxDurationUs !== undefined) return `up to ${formatDuration(maxDurationUs)}`;
  return minDurationUs === undefined ? "all" : `from ${formatDuration(minDurationUs)}`;
}

type Subject = { service: string; operation?: string | undefined };
type Window = { fromMs: number; toMs: number };

const subjectSearch = ({ service, operation }: Subject): GroupSearch => ({
  service,
  ...(operation === undefined || operation === "" ? {} : { operation }),
});
const group = (search: GroupSearch): CompareSideQuery => ({ kind: "group", search });
const wholeMs = ({ fromMs, toMs }: Window) => ({ start: Math.max(0, Math.floor(fromMs)), end: Math.ceil(toMs) });

type DeployMoment = { version: string; previousVersion: string | null; atUs: number };

/**
 * Before and after a deploy: the parts of the window on its two sides, and where one would be empty a window's length.
 * Versions are named where both are known, so that hosts that lag behind count on the side of what they run.
 */
export function releaseSides(subject: Subject, deploy: DeployMoment, window: Window): CompareSides {
  const atMs = deploy.atUs / US_PER_MS;
  const lengthMs = window.toMs - window.fromMs;
  const isInside = atMs > window.fromMs && atMs < window.toMs;
  const before = { fromMs: isInside ? window.fromMs : atMs - lengthMs, toMs: atMs };
  const after = { fromMs: atMs, toMs: isInside ? window.toMs : Math.min(atMs + lengthMs, window.toMs) };
  const versionOf = (version: string | null) =>
    version === null || deploy.previousVersion === null ? {} : { attributes: { [VERSION_KEY]: version } };
  return {
    a: group({ ...subjectSearch(subject), ...wholeMs(before), ...versionOf(deploy.previousVersion) }),
    b: group({ ...subjectSearch(subject), ...wholeMs(after), ...versionOf(deploy.version) }),
  };
}

/** This window against the one of the same length before it. */
export function timeSides(subject: Subject, window: Window): CompareSides {
  const before = { fromMs: window.fromMs - (window.toMs - window.fromMs), toMs: window.fromMs };
  return {
    a: group({ ...subjectSearch(subject), ...wholeMs(before) }),
    b: group({ ...subjectSearch(subject), ...wholeMs(window) }),
  };
}

/** The faster half against the slowest twentieth. */
export function speedSides(
  subject: Subject,
  window: Window,
  quantiles: { p50Us: number; p95Us: number },
): CompareSides {
  const search = { ...subjectSearch(subject), ...wholeMs(window) };
  return {
    a: group({ ...search, maxDurationUs: Math.round(quantiles.p50Us) }),
    b: group({ ...search, minDurationUs: Math.round(quantiles.p95Us) }),
  };
}

/** One trace against others of the same root operation, from three hours before it to three after, as far as they are past. */
export function usualSides({
  traceId,
  rootService,
  rootOperation,
  startUs,
  nowMs,
}: {
  traceId: string;
  rootService: string;
  rootOperation: string;
  startUs: number;
  nowMs: number;
}): CompareSides {
  const atMs = startUs / US_PER_MS;
  // A trace of a clock that runs ahead began after now.
  const toMs = Math.max(atMs, Math.min(atMs + 3 * MS_PER_HOUR, nowMs));
  const around = wholeMs({ fromMs: atMs - 3 * MS_PER_HOUR, toMs });
  return {
    a: group({ ...subjectSearch({ service: rootService, operation: rootOperation }), ...around }),
    b: { kind: "trace", traceId },
  };
}

/** Only the slowest of a side, or all of it again: what the sides were before {@link onlySlowest}. */
export function onlySlowest(side: CompareSideQuery, fromUs: number | undefined): CompareSideQuery {
  if (side.kind === "trace") return side;
  const { minDurationUs: _dropped, ...search } = side.search;
  return group(fromUs === undefined ? search : { ...search, minDurationUs: Math.round(fromUs) });
}
