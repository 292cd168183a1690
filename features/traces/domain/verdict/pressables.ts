import type { FindingsReply } from "../diagnosis/finding";

/** Something of the verdict a reader can press, to see the spans that prove it. */
export type Pressable = {
  /** As `finding=` in an address names it: `n-plus-one`, `n-plus-one-2`, `own-work`. */
  key: string;
  findingIndex: number | undefined;
  clauseIndex: number | undefined;
  /** Rows of the skeleton, earliest first. */
  rows: readonly number[];
};

/**
 * Findings in their order, then the clauses that belong to no finding. Keys are made of kinds, so that an address stays
 * right when the trace is opened again; the second of a kind ends in `-2`.
 */
export function listPressables({ verdict, findings, evidence }: FindingsReply): Pressable[] {
  const seen = new Map<string, number>();
  const keyOf = (kind: string) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count === 1 ? kind : `${kind}-${count}`;
  };
  const ofFindings = findings.map(({ kind }, findingIndex): Pressable => {
    const clauseIndex = verdict.clauses.findIndex((clause) => clause.findingIndex === findingIndex);
    return {
      key: keyOf(kind),
      findingIndex,
      clauseIndex: clauseIndex < 0 ? undefined : clauseIndex,
      rows: evidence.rows[findingIndex] ?? [],
    };
  });
  const ofClauses = verdict.clauses.flatMap(({ kind, findingIndex, rows }, clauseIndex): Pressable[] =>
    findingIndex !== null && findings[findingIndex] !== undefined
      ? []
      : [{ key: keyOf(kind), findingIndex: undefined, clauseIndex, rows }],
  );
  return [...ofFindings, ...ofClauses];
}

/** What an address names, if the verdict has it. */
export function findPressable(pressables: readonly Pressable[], key: string | null): Pressable | undefined {
  return key === null ? undefined : pressables.find((pressable) => pressable.key === key);
}
