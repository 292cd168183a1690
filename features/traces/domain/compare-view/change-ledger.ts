import type { CompareReply, CompareVerdict } from "../paths/compare-schema";

type Clause = CompareVerdict["clauses"][number];

/** A piece of a bar, in µs from the bar's start. `clause` is the index it belongs to, null for what stayed. */
export type LedgerPiece = {
  fromUs: number;
  toUs: number;
  clause: number | null;
  look: "kept" | "added" | "gone" | "saved";
};
export type LedgerBar = { id: "before" | "after" | "fixed"; totalUs: number; pieces: LedgerPiece[] };
export type ChangeLedger = {
  bars: LedgerBar[];
  /** Length of the longest bar, for the common scale. */
  scaleUs: number;
  /** The clause that the third bar takes back, and what that saves; null when nothing that grew has a name. */
  fixed: { clause: number; savesUs: number } | null;
};

/**
 * The sentence as bars on one scale, of what the sentence is of: mean requests, or the median. Before: what stays, then what goes. After: what stays, then what is added, so that
 * the added pieces sum to the bar. Fixed: after, without the largest addition that has a name.
 */
export function toChangeLedger({ verdict }: Pick<CompareReply, "verdict">): ChangeLedger {
  const { clauses, beforeUs } = verdict;
  const afterUs = Math.max(0, beforeUs + verdict.changeUs);
  const goneUs = Math.min(
    beforeUs,
    sumOf(clauses, (us) => us < 0),
  );
  const keptUs = beforeUs - goneUs;
  const added = placePieces(clauses, keptUs, (us) => us > 0, "added");
  const largest = largestNamed(clauses);
  const bars: LedgerBar[] = [
    {
      id: "before",
      totalUs: beforeUs,
      pieces: [kept(keptUs), ...placePieces(clauses, keptUs, (us) => us < 0, "gone")],
    },
    { id: "after", totalUs: afterUs, pieces: [kept(keptUs), ...added] },
  ];
  if (largest !== undefined) bars.push(fixedBar(clauses, keptUs, afterUs, largest));
  const scaleUs = Math.max(1, beforeUs, afterUs, ...bars.flatMap(({ pieces }) => pieces.map(({ toUs }) => toUs)));
  return {
    bars: bars.map((bar) => ({ ...bar, pieces: bar.pieces.filter(({ fromUs, toUs }) => toUs > fromUs) })),
    scaleUs,
    fixed: largest === undefined ? null : { clause: largest, savesUs: clauses[largest]?.changeUs ?? 0 },
  };
}

const kept = (toUs: number): LedgerPiece => ({ fromUs: 0, toUs, clause: null, look: "kept" });

function placePieces(
  clauses: readonly Clause[],
  startUs: number,
  isMeant: (changeUs: number) => boolean,
  look: LedgerPiece["look"],
): LedgerPiece[] {
  let atUs = startUs;
  return clauses.flatMap(({ changeUs }, clause) => {
    if (!isMeant(changeUs)) return [];
    const fromUs = atUs;
    atUs += Math.abs(changeUs);
    return [{ fromUs, toUs: atUs, clause, look }];
  });
}

function fixedBar(clauses: readonly Clause[], keptUs: number, afterUs: number, largest: number): LedgerBar {
  const savesUs = clauses[largest]?.changeUs ?? 0;
  const others = clauses.map((clause, at) => (at === largest ? { ...clause, changeUs: 0 } : clause));
  const pieces = [kept(keptUs), ...placePieces(others, keptUs, (us) => us > 0, "added")];
  const endUs = pieces.at(-1)?.toUs ?? keptUs;
  pieces.push({ fromUs: endUs, toUs: endUs + savesUs, clause: largest, look: "saved" });
  return { id: "fixed", totalUs: Math.max(0, afterUs - savesUs), pieces };
}

function largestNamed(clauses: readonly Clause[]): number | undefined {
  let largest: number | undefined;
  clauses.forEach(({ kind, changeUs }, at) => {
    if (kind === "rest" || changeUs <= 0) return;
    if (largest === undefined || changeUs > (clauses[largest]?.changeUs ?? 0)) largest = at;
  });
  return largest;
}

function sumOf(clauses: readonly Clause[], isMeant: (changeUs: number) => boolean): number {
  return clauses.reduce((sum, { changeUs }) => (isMeant(changeUs) ? sum + Math.abs(changeUs) : sum), 0);
}
