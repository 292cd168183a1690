import { nameOf } from "../span-text";
import { countRoots } from "../trace-facts";
import { hasFlag, type SpanFlag, type TraceSkeleton } from "../trace-skeleton";
import type { Analysis } from "./analysis";
import type { Severity, Verdict } from "./finding";

/** Spans whose place in the tree is not what was sent, and what that means for a reader. */
export type Tangle = { row: number; rows: number[]; severity: Severity; sentence: string };

/** Parents that lead in a ring, several requests under one id, and ids that several spans have. */
export function findTangles(analysis: Analysis): Tangle[] {
  const { trace } = analysis;
  return [findRings(trace), findStrayRoots(analysis), findSharedIds(trace)].filter((found) => found !== undefined);
}

/** As bad as parents that are not there: what made these spans is not known. */
function findRings(trace: TraceSkeleton): Tangle | undefined {
  const rows = rowsWith(trace, "cycle");
  const [row] = rows;
  if (row === undefined) return undefined;
  const name = nameOf(trace, row);
  const sentence =
    rows.length === 1
      ? `${name} leads back to itself through its parents: what made it is not known, and it stands as a root.`
      : `${count(rows.length)} spans, ${name} first, lead back to themselves through their parents: what made them is not known, and the earliest of each ring stands as a root.`;
  return { row, rows, severity: "warning", sentence };
}

/** Information: work that goes on under the id of the request that caused it does so on purpose. */
function findStrayRoots(analysis: Analysis): Tangle | undefined {
  const rows = strayRoots(analysis);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { trace, timeline } = analysis;
  const main = nameOf(trace, timeline.rows[0] ?? 0);
  const others =
    rows.length === 1
      ? `${nameOf(trace, row)} has no parent either`
      : `${count(rows.length)} other spans have no parent either`;
  const sentence = `${others}: several requests share this trace id, or what made them all is missing. The verdict is of the first, ${main}.`;
  return { row, rows, severity: "info", sentence };
}

/** True roots beside the one whose time the trace's time is, but for those known to have taken up its work. */
function strayRoots({ trace, timeline }: Pick<Analysis, "trace" | "timeline">): number[] {
  if (countRoots(trace) <= 1) return [];
  const placed = new Set(timeline.rows);
  const rows: number[] = [];
  for (let row = 0; row < trace.spanCount; row = trace.subtreeEnd[row] ?? trace.spanCount)
    if (!hasFlag(trace, row, "orphan") && !hasFlag(trace, row, "cycle") && !placed.has(row)) rows.push(row);
  return rows;
}

/** How many requests a trace holds and how long it runs with all of them; undefined where it is one. */
export function requestsOf(analysis: Pick<Analysis, "trace" | "timeline">): Verdict["requests"] {
  const others = strayRoots(analysis).length;
  return others === 0 ? undefined : { count: others + 1, wholeUs: analysis.trace.durationUs };
}

/** Information: instrumentations of Zipkin's kind give both sides of a call one id. */
function findSharedIds(trace: TraceSkeleton): Tangle | undefined {
  const rows = rowsWith(trace, "duplicateId");
  const [row] = rows;
  if (row === undefined) return undefined;
  const sentence = `${count(rows.length)} spans, ${nameOf(trace, row)} first, share their ids with others of this trace: what they made is shown below the one it ran in, else below the earliest of the id.`;
  return { row, rows, severity: "info", sentence };
}

function rowsWith(trace: TraceSkeleton, flag: SpanFlag): number[] {
  const rows: number[] = [];
  for (let row = 0; row < trace.spanCount; row += 1) if (hasFlag(trace, row, flag)) rows.push(row);
  return rows;
}

const count = (of: number): string => of.toLocaleString("en-US");
