import type { TimeWindow } from "@/lib/time-range";
import type { CompareReply, CompareSideQuery, Deploy } from "../../contract";
import {
  type CompareMode,
  type CompareSides,
  releaseSides,
  speedSides,
  subjectOf,
  timeSides,
} from "../../domain/compare-view/compare-side";

export type ModeChoice = { mode: CompareMode; label: string; sides: CompareSides | undefined; whyNot: string };

type ModeInput = {
  sides: CompareSides;
  reply: CompareReply | undefined;
  deploys: readonly Deploy[];
  window: TimeWindow;
};

/** The other ways to compare what is compared now, each with the sides it would have; undefined where it cannot be. */
export function toModeChoices({ sides, reply, deploys, window }: ModeInput): ModeChoice[] {
  const subject = subjectOf(sides);
  const [deploy] = deploys;
  const all = reply === undefined ? undefined : subject && widest(sides, reply);
  const [exampleA, exampleB] = [reply?.before.exemplars[0], reply?.after.exemplars[0]];
  const usual = subject === undefined || exampleB === undefined ? undefined : usualOf(sides, exampleB);
  return [
    {
      mode: "release",
      label: "Release",
      sides: subject && deploy ? releaseSides(subject, deploy, window) : undefined,
      whyNot: "No deploy of this service is known yet.",
    },
    {
      mode: "time",
      label: "Time",
      sides: subject && timeSides(subject, window),
      whyNot: "Name a service on one side.",
    },
    {
      mode: "speed",
      label: "Slow, fast",
      sides: subject && all ? speedSides(subject, window, all) : undefined,
      whyNot: "Known once both sides are read.",
    },
    { mode: "usual", label: "Usual", sides: usual, whyNot: "Needs a group of requests." },
    {
      mode: "traces",
      label: "Two traces",
      sides:
        exampleA === undefined || exampleB === undefined
          ? undefined
          : { a: { kind: "trace", traceId: exampleA }, b: { kind: "trace", traceId: exampleB } },
      whyNot: "Known once both sides are read.",
    },
  ];
}

/** The quantiles of the side that saw most, which is nearest to all requests. */
function widest(_sides: CompareSides, { before, after }: CompareReply): { p50Us: number; p95Us: number } {
  return before.seenCount > after.seenCount ? before.quantiles : after.quantiles;
}

/** The group of the two, against one typical trace of the other. */
function usualOf({ a, b }: CompareSides, traceId: string): CompareSides | undefined {
  const group: CompareSideQuery | undefined = a.kind === "group" ? a : b.kind === "group" ? b : undefined;
  return group === undefined ? undefined : { a: group, b: { kind: "trace", traceId } };
}
