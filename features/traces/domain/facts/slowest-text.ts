import type { Ranking } from "./rank-traces";
import type { SlowestBy, SlowestResult } from "./slowest-schema";

const WHAT: Record<SlowestBy, string> = { duration: "slowest", errors: "with most errors", spans: "with most spans" };

type Counted = Pick<Ranking, "proof" | "seenCount" | "isSeenWhole"> & {
  reason?: { code: Ranking["reason"] };
  foundCount: number;
  /** The time of day the ranking holds for, where that is not now. */
  asOf?: string | undefined;
};

/** Older than this, a badge says for when it holds. */
const NOT_NOW_MS = 60_000;

/**
 * The time to name beside a ranking that is known to hold until `knownUntilMs`: "14:03", in the reader's zone or with the
 * zone named; undefined when that is as good as now.
 */
export function asOfText(knownUntilMs: number, nowMs: number, zone?: "UTC"): string | undefined {
  if (nowMs - knownUntilMs < NOT_NOW_MS) return undefined;
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: zone });
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const isToday = day.format(knownUntilMs) === day.format(nowMs);
  return `${isToday ? "" : `${day.format(knownUntilMs)} `}${time.format(knownUntilMs)}${zone === undefined ? "" : ` ${zone}`}`;
}

/** The line of the badge: "proven slowest 50 of 8,412 seen, as of 14:03". */
export function badgeText({ asOf, ...counted }: Counted, by: SlowestBy): string {
  if (counted.reason?.code === "not_begun") return "the window has not begun";
  const text = rankText(counted, by);
  return asOf === undefined ? text : `${text}, as of ${asOf}`;
}

function rankText(
  { proof, seenCount, isSeenWhole, foundCount }: Omit<Counted, "asOf" | "reason">,
  by: SlowestBy,
): string {
  const of = `${count(foundCount)} of ${count(seenCount)}${isSeenWhole ? "" : " seen"}`;
  if (by === "duration") {
    return proof === "none" ? `slowest ${of}, a lower bound` : `proven slowest ${of}`;
  }
  return proof === "none" ? `${of} ${WHAT[by]}, a lower bound` : `proven ${of} ${WHAT[by]}`;
}

/** Why the ranking is proven, or only a lower bound: full sentences. */
export function reasonText({
  proof,
  reason,
  askedCount,
  asOf,
}: {
  proof: Ranking["proof"];
  reason: Ranking["reason"];
  askedCount: number;
  /** The time of day the ranking holds for, where that is not now. */
  asOf?: string | undefined;
}): string {
  switch (reason) {
    case "proven":
      return proof === "every-trace"
        ? `Every trace of the window ${asOf === undefined ? "" : `that was there at ${asOf} `}was read.`
        : `${count(askedCount)} questions found every trace ${asOf === undefined ? "" : `that was there at ${asOf} `}with a span long enough to belong here.`;
    case "not_begun":
      return "The window lies ahead: nothing can have started in it yet.";
    case "too_many_questions":
      return `The window has more traces than ${count(askedCount)} questions can tell apart. Narrow it.`;
    case "out_of_time":
      return "Reading all of it takes too long at once. It goes on in the background: ask again, or narrow the window.";
    case "source_failed":
      return "The trace source stopped answering midway; these are the highest of what it had answered.";
    case "slice_too_full":
      return "At one moment more traces start than the trace source gives at once; some of them were not seen.";
    case "filter_is_not_of_the_root":
      return "The search matches spans below the root, whose length says nothing about the length of their trace.";
    case "services_left_out":
      return "This Jaeger searches one service at a time and has too many to ask them all. Choose a service.";
  }
}

/** What even the proof cannot see; null when every trace was seen. */
export function caveatOf({ unseenBelowUs, proof }: Pick<Ranking, "unseenBelowUs" | "proof">): SlowestResult["caveat"] {
  if (unseenBelowUs === null || proof !== "every-long-span") return null;
  return {
    spanUs: unseenBelowUs,
    text: "The trace source finds long traces by one long span. A trace made only of spans shorter than the last one here, or whose long span starts after the window, is not seen.",
  };
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
