import { formatDuration, formatNumber, formatShare } from "@/lib/format";
import { spell } from "./diagnosis/phrase";
import type { ClockAgreement } from "./verdict/clock-agreement";

/** A fact about how complete and consistent a trace is, in two or three words, with its reason. */
export type TraceTrust = { tone: "ok" | "warn" | "running" | "neutral"; text: string; why: string };

type TrustFacts = {
  spanCount: number;
  expectedSpanCount: number | null;
  orphanSpanCount: number;
  skewedSpanCount: number;
  duplicateSpanCount: number;
  cycleSpanCount: number;
  isSettled: boolean;
  /** The largest known difference of two clocks, and calls compared; none where it was not looked for. */
  clocks?: ClockAgreement;
  /** Spans without a parent, whatever the reason. */
  rootCount?: number;
  /** One trace in how many is recorded. */
  sampling?: { share: number; attribute: string } | undefined;
  /** Time that no span explains, microseconds. */
  gapUs?: number;
};

/**
 * What a reader must know before believing a trace. Completeness is claimed only when something counted the spans
 * independently; a trace with no such count says nothing about it.
 */
export function traceTrust(facts: TrustFacts): TraceTrust[] {
  return [
    ...completeness(facts),
    facts.isSettled
      ? { tone: "ok", text: "settled", why: "It ended long enough ago that no more spans are expected." }
      : {
          tone: "running",
          text: "still arriving",
          why: "It ended a moment ago. More spans may come; this page asks again.",
        },
    facts.orphanSpanCount === 0
      ? { tone: "ok", text: "no orphans", why: "Every span that names a parent has it in this trace." }
      : trouble(
          facts.orphanSpanCount,
          ["orphan", "names a parent that is not in this trace; it stands as a root."],
          ["orphans", "name a parent that is not in this trace; they stand as roots."],
        ),
    ...roots(facts),
    ...clocks(facts),
    ...when(
      facts.duplicateSpanCount,
      ["duplicate id", "shares its id with another span of this trace."],
      ["duplicate ids", "share their id with another span of this trace."],
    ),
    ...when(
      facts.cycleSpanCount,
      ["in a cycle", "leads back to itself through its parents; it stands as a root."],
      ["in cycles", "lead back to themselves through their parents; the earliest of each cycle stands as a root."],
    ),
    ...samplingOf(facts),
    ...gapOf(facts),
  ];
}

/** Several true roots: traces that share an id, or a root that never came and left no name. */
function roots({ rootCount = 1, orphanSpanCount, cycleSpanCount }: TrustFacts): TraceTrust[] {
  if (rootCount <= 1 || orphanSpanCount + cycleSpanCount > 0) return [];
  const why = "Spans without a parent: several requests share this trace id. Its time is that of the first.";
  return [{ tone: "warn", text: `${formatNumber(rootCount)} roots`, why }];
}

function clocks({ skewedSpanCount, clocks }: TrustFacts): TraceTrust[] {
  if (clocks !== undefined && clocks.movedCount > 0) {
    const apart = spell(clocks.largestUs);
    const one = clocks.movedCount === 1;
    const why = `${formatNumber(clocks.movedCount)} ${one ? "span does not fit into the span that made it: it is" : "spans do not fit into the spans that made them: they are"} shown moved. Clocks differ by about ${apart}; waits between them are a guess.`;
    return [{ tone: "warn", text: `clocks differ by ${apart}`, why }];
  }
  const by = clocks === undefined || clocks.largestUs === 0 ? "" : ` by ${spell(clocks.largestUs)} at least`;
  if (skewedSpanCount > 0) {
    const why = `${skewedSpanCount.toLocaleString("en-US")} ${skewedSpanCount === 1 ? "span starts before its" : "spans start before their"} parent: two machines' clocks disagree${by}. Order and waits between them are not to be trusted.`;
    return [{ tone: "warn", text: `clocks differ${by.replace(" at least", "")}`, why }];
  }
  if (clocks === undefined || clocks.pairCount === 0) return [];
  const pairs = `${clocks.pairCount.toLocaleString("en-US")} ${clocks.pairCount === 1 ? "call" : "calls"} between services`;
  const text = clocks.largestUs === 0 ? "clocks agree" : `clocks agree ±${spell(clocks.largestUs)}`;
  return [{ tone: "ok", text, why: `The largest disagreement seen in ${pairs}.` }];
}

function samplingOf({ sampling }: TrustFacts): TraceTrust[] {
  if (sampling === undefined) return [];
  const why = `The attribute ${sampling.attribute} says that ${formatShare(sampling.share)} of such traces are recorded: counts and rates stand for more.`;
  return [{ tone: "neutral", text: `sampled 1 in ${formatNumber(Math.round(1 / sampling.share))}`, why }];
}

function gapOf({ gapUs = 0 }: TrustFacts): TraceTrust[] {
  if (gapUs === 0) return [];
  const why = "Stretches of the critical path that no span explains: work without instrumentation, or waiting.";
  return [{ tone: "warn", text: `gap ${formatDuration(gapUs)}`, why }];
}

function completeness({ spanCount, expectedSpanCount }: TrustFacts): TraceTrust[] {
  if (expectedSpanCount === null) return [];
  const counts = `${spanCount.toLocaleString("en-US")} of ${expectedSpanCount.toLocaleString("en-US")}`;
  return spanCount >= expectedSpanCount
    ? [{ tone: "ok", text: `complete, ${counts}`, why: "As many spans arrived as the search had counted." }]
    : [{ tone: "warn", text: `cut short, ${counts}`, why: "The source counted more spans than it returned." }];
}

/** What a badge says and why. */
type Words = [text: string, why: string];

function when(count: number, one: Words, many: Words): TraceTrust[] {
  return count === 0 ? [] : [trouble(count, one, many)];
}

function trouble(count: number, one: Words, many: Words): TraceTrust {
  const shown = count.toLocaleString("en-US");
  const [text, why] = count === 1 ? one : many;
  return { tone: "warn", text: `${shown} ${text}`, why: `${shown} ${count === 1 ? "span" : "spans"} ${why}` };
}
