import type { DestinationAbilities, PreflightReply } from "../../contract";
import { type KeepPolicy, missingAbilities, needsOf } from "../../domain/keep-policy";
import { blockOf, type PlanFacts } from "../../domain/plan-facts";
import type { StoreError } from "../stores/store-error";

export type PreflightCheck = PreflightReply["checks"][number];

const MAX_SKEW_MS = 60_000;

export function failedCheck(side: PreflightCheck["side"], name: string, error: StoreError): PreflightCheck {
  return { side, name, outcome: "failed", sentence: error.message };
}

/** What the probe found, as sentences. A missing ability is a note: the migration runs, with a weaker promise. */
export function checksOfAbilities(abilities: DestinationAbilities): PreflightCheck[] {
  const { ifNoneMatch, enforcesChecksum, storesChecksum, clockSkewMs } = abilities;
  const check = (name: string, isGood: boolean, good: string, bad: string): PreflightCheck => ({
    side: "destination",
    name,
    outcome: isGood ? "passed" : "note",
    sentence: isGood ? good : bad,
  });
  return [
    check("Put, head and delete", true, "A probe object was written, read and removed.", ""),
    check(
      "Wrong checksum",
      enforcesChecksum,
      "A wrong CRC-32, sent on purpose, was refused.",
      "A wrong CRC-32, sent on purpose, was accepted: copies count as acknowledged only by their ETag.",
    ),
    check(
      "Stored checksum",
      storesChecksum,
      "HEAD tells the stored CRC-32, so every object can be proven without reading it back.",
      "HEAD does not tell a stored checksum: choose reading back to prove the bytes.",
    ),
    check(
      "Never overwrite",
      ifNoneMatch,
      "A second write of a key with If-None-Match was refused.",
      "If-None-Match is ignored: we look before each write instead, which another writer could slip past.",
    ),
    check(
      "Clock",
      Math.abs(clockSkewMs) < MAX_SKEW_MS,
      "The destination's clock agrees with the worker's.",
      `The destination's clock is ${Math.round(clockSkewMs / 1000)} s off.`,
    ),
  ];
}

/** What the plan wants kept beside the bytes: a destination that cannot hold it must not start. */
export function checksOfKeeping(keep: KeepPolicy, abilities: DestinationAbilities): PreflightCheck[] {
  const { tags, grants, storageClass } = needsOf(keep);
  if (!tags && !grants && !storageClass) return [];
  const missing = missingAbilities(keep, abilities);
  const wanted = [tags && "tags", grants && "access rules", storageClass && "storage class"].filter(Boolean).join(", ");
  const sentence =
    missing.length === 0 ? `The destination keeps what the plan asks for: ${wanted}.` : missing.join(" ");
  return [{ side: "destination", name: "Kept", outcome: missing.length === 0 ? "passed" : "failed", sentence }];
}

/** Where keys would meet: two sources for one key must not start, keys that only look alike are worth knowing. */
export function checksOfPlan(facts: PlanFacts): PreflightCheck[] {
  const checks: PreflightCheck[] = [];
  const blocked = blockOf(facts);
  checks.push({
    side: "destination",
    name: "One source for each key",
    outcome: blocked === undefined ? "passed" : "failed",
    sentence: blocked ?? "No two sources have one destination key.",
  });
  const [twin] = facts.twins.examples;
  if (twin !== undefined) {
    const difference = twin.kind === "case" ? "upper and lower case" : "Unicode form";
    checks.push({
      side: "destination",
      name: "Keys that look alike",
      outcome: "note",
      sentence: `${facts.twins.groups} ${facts.twins.groups === 1 ? "group" : "groups"} of keys differ only in ${difference}, such as ${twin.keys.slice(0, 2).join(" and ")}. S3 keeps them apart; some tools do not.`,
    });
  }
  if (facts.counts.missing.objects > 0) {
    checks.push({
      side: "source",
      name: "Named and there",
      outcome: "note",
      sentence: `${facts.counts.missing.objects} objects that the manifest names are not at the source. They are listed as missing, never dropped.`,
    });
  }
  return checks;
}
