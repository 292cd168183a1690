/** Whether the destination tells what was sent with the bytes; the position is the stored number: append only. */
export const HEADER_PROOFS = ["unknown", "proven", "different"] as const;
export type HeaderProof = (typeof HEADER_PROOFS)[number];

/** Something that goes with an object and is not as told. `sent` only where something was. */
export type Finding = { kind: "type" | "headers"; told: string; found: string; sent: string | null };

/** What one visit learnt of what goes with the bytes: of its kind the finding, or that there is none. */
export type KeptResult = { sum: number; headers: HeaderProof; typeDiffers: boolean; findings: Finding[] };

type Before = { headers: HeaderProof; typeDiffers: boolean };
export type KeptDelta = { headersProven: number; headersDiffer: number; typesDiffer: number };

/** Change of a chunk's sums by these results, each against what its row says. */
export function keptDelta(results: readonly { object: Before; kept?: KeptResult | undefined }[]): KeptDelta {
  const delta: KeptDelta = { headersProven: 0, headersDiffer: 0, typesDiffer: 0 };
  for (const { object, kept } of results) {
    if (kept === undefined) continue;
    delta.headersProven += Number(kept.headers === "proven") - Number(object.headers === "proven");
    delta.headersDiffer += Number(kept.headers === "different") - Number(object.headers === "different");
    delta.typesDiffer += Number(kept.typeDiffers) - Number(object.typeDiffers);
  }
  return delta;
}
