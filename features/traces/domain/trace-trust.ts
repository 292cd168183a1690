/** A fact about how complete and consistent a trace is, in two or three words, with its reason. */
export type TraceTrust = { tone: "ok" | "warn" | "running"; text: string; why: string };

type TrustFacts = {
  spanCount: number;
  expectedSpanCount: number | null;
  orphanSpanCount: number;
  skewedSpanCount: number;
  duplicateSpanCount: number;
  cycleSpanCount: number;
  isSettled: boolean;
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
          "orphan",
          "orphans",
          "name a parent that is not in this trace; they stand as roots.",
        ),
    ...when(
      facts.skewedSpanCount,
      "clock differs",
      "clocks differ",
      "start before their parent: two machines' clocks disagree.",
    ),
    ...when(
      facts.duplicateSpanCount,
      "duplicate id",
      "duplicate ids",
      "share their id with another span of this trace.",
    ),
    ...when(
      facts.cycleSpanCount,
      "cycle",
      "in cycles",
      "lead back to themselves through their parents; they stand as roots.",
    ),
  ];
}

function completeness({ spanCount, expectedSpanCount }: TrustFacts): TraceTrust[] {
  if (expectedSpanCount === null) return [];
  const counts = `${spanCount.toLocaleString("en-US")} of ${expectedSpanCount.toLocaleString("en-US")}`;
  return spanCount >= expectedSpanCount
    ? [{ tone: "ok", text: `complete, ${counts}`, why: "As many spans arrived as the search had counted." }]
    : [{ tone: "warn", text: `cut short, ${counts}`, why: "The source counted more spans than it returned." }];
}

function when(count: number, one: string, many: string, why: string): TraceTrust[] {
  return count === 0 ? [] : [trouble(count, one, many, why)];
}

function trouble(count: number, one: string, many: string, why: string): TraceTrust {
  const shown = count.toLocaleString("en-US");
  return {
    tone: "warn",
    text: `${shown} ${count === 1 ? one : many}`,
    why: `${shown} ${count === 1 ? "span" : "spans"}: ${why}`,
  };
}
