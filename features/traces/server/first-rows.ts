import type { FirstRows } from "@/features/traces/domain/waterfall/first-rows";
import { messageOf } from "@/lib/errors";
import { MS_PER_SECOND } from "@/lib/units";
import { log } from "@/server/log/log";
import type { OpenTrace } from "./open-trace";
import { runTask } from "./threads/run-task";

/** The page of a smaller trace has its rows about as soon as its own code. */
const MIN_SPANS = 2_000;
/** What the page's own answer waits for at most; the trace comes by itself, with its reasons when it does not. */
const MAX_WAIT_MS = 3 * MS_PER_SECOND;

/** Parameters of a page as Next hands them over. */
export type PageParams = Record<string, string | string[] | undefined>;
type Known = { search: string; rows: Promise<FirstRows | undefined> };

/** The last ones of each trace: a second reader costs no second plan. */
const known = new WeakMap<OpenTrace["skeleton"], Known>();

/**
 * The rows a reader of a big trace sees first under an address, to be part of the page. Undefined for a small trace, for
 * an address that shows something else, and while the trace cannot be had: then the page says why. Never rejects.
 */
export async function readFirstRows(
  open: (signal: AbortSignal) => Promise<{ trace: OpenTrace }>,
  params: PageParams,
): Promise<FirstRows | undefined> {
  const signal = AbortSignal.timeout(MAX_WAIT_MS);
  try {
    const { trace } = await open(signal);
    if (trace.skeleton.spanCount < MIN_SPANS) return undefined;
    return await Promise.race([rowsOf(trace, toSearch(params)), aborted(signal)]);
  } catch (error) {
    log().debug({ reason: messageOf(error) }, "a trace's page goes without its first rows");
    return undefined;
  }
}

/** Goes on when nobody waits any more: the next reader of the page finds it done. */
function rowsOf(trace: OpenTrace, search: string): Promise<FirstRows | undefined> {
  const held = known.get(trace.skeleton);
  if (held?.search === search) return held.rows;
  const rows = runTask("firstRows", trace, { search });
  known.set(trace.skeleton, { search, rows });
  rows.catch(() => known.delete(trace.skeleton));
  return rows;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function toSearch(params: PageParams): string {
  const pairs = Object.entries(params).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one]));
  return new URLSearchParams(pairs).toString();
}
