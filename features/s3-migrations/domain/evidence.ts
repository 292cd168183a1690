import { type ObjectState, PROBLEM_STATES, type VerifyTier } from "./states";

/** What stands in the evidence stack, strongest proof first, then what is open, then what people must look at. */
export const EVIDENCE_KINDS = [
  "read_back",
  "stored",
  "acknowledged",
  "size",
  "reported",
  "decide",
  "missing",
  "left_out",
  "retry",
  "waiting",
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];
export type EvidencePart = { kind: EvidenceKind; objects: number; bytes: number | null };

type Facts = {
  counts: Readonly<Record<ObjectState, number>>;
  tiers: readonly { tier: VerifyTier; objects: number; bytes: number }[];
  bytes: { waiting: number };
};

/**
 * The inventory by how surely each object is at the destination. Bytes are known per tier and for all that waits;
 * `null` where the engine does not keep them apart.
 */
export function evidenceParts({ counts, tiers, bytes }: Facts): EvidencePart[] {
  const tier = (name: string) => tiers.find((entry) => entry.tier === name) ?? { objects: 0, bytes: 0 };
  const proven = (["read_back", "stored", "acknowledged", "size", "reported"] as const).map((kind) => ({
    kind,
    objects: tier(kind).objects,
    bytes: tier(kind).bytes,
  }));
  return [
    ...proven,
    { kind: "decide", objects: PROBLEM_STATES.reduce((sum, state) => sum + counts[state], 0), bytes: null },
    { kind: "missing", objects: counts.missing_source, bytes: null },
    { kind: "left_out", objects: counts.skipped_filtered + counts.ignored + counts.superseded, bytes: null },
    { kind: "retry", objects: counts.retry_wait, bytes: null },
    { kind: "waiting", objects: counts.pending, bytes: counts.retry_wait === 0 ? bytes.waiting : null },
  ];
}

/** Objects whose bytes the destination has confirmed by a checksum, at whatever strength. */
export function provenObjects(parts: readonly EvidencePart[]): number {
  return parts
    .filter(({ kind }) => kind === "read_back" || kind === "stored" || kind === "acknowledged")
    .reduce((sum, { objects }) => sum + objects, 0);
}

/** The sum the page prints: it must equal the sealed inventory, and says so when it does not. */
export type Balance = { terms: number[]; sum: number; total: number; isBalanced: boolean };

export function balanceOf(parts: readonly EvidencePart[], total: number): Balance {
  const terms = parts.map(({ objects }) => objects).filter((objects) => objects > 0);
  const sum = terms.reduce((all, objects) => all + objects, 0);
  return { terms, sum, total, isBalanced: sum === total };
}
