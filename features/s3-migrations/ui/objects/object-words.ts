import type { StateTone } from "@/components/ui/state-glyph";
import type { ObjectFilterName } from "../../contract";
import type { ObjectState, VerifyTier } from "../../domain/states";

/** One object's state in words. */
export const OBJECT_WORDS: Record<ObjectState, { label: string; tone: StateTone }> = {
  pending: { label: "Waiting", tone: "neutral" },
  retry_wait: { label: "Retry later", tone: "running" },
  copied: { label: "Copied, not proven yet", tone: "running" },
  verified: { label: "Proven", tone: "ok" },
  skipped_identical: { label: "Was there already", tone: "ok" },
  skipped_filtered: { label: "Left out by rule", tone: "neutral" },
  failed: { label: "Failed", tone: "bad" },
  missing_source: { label: "No file at the source", tone: "warn" },
  conflict: { label: "Other bytes at the key", tone: "bad" },
  source_changed: { label: "Source changed", tone: "bad" },
  ignored: { label: "Left out by a person", tone: "neutral" },
  superseded: { label: "Replaced by a later look", tone: "neutral" },
  missing_destination: { label: "Not at the destination", tone: "bad" },
  different: { label: "Differs", tone: "bad" },
  wrong_type: { label: "Served as another type", tone: "bad" },
  retired: { label: "Retired at the source", tone: "ok" },
};

export function filterWord(name: ObjectFilterName): string {
  if (name === "open") return "Open";
  if (name === "left_out") return "Left out";
  return name === "to_decide" ? "To decide" : OBJECT_WORDS[name].label;
}

export const TIER_WORDS: Record<VerifyTier, { label: string; note: string; bars: number }> = {
  none: { label: "None", note: "nothing was compared yet", bars: 0 },
  size: { label: "Size only", note: "equal length is no proof", bars: 1 },
  acknowledged: { label: "Acknowledged", note: "the checksum was checked at PUT", bars: 2 },
  stored: { label: "Stored sum", note: "the destination told the stored checksum", bars: 3 },
  read_back: { label: "Read back", note: "fetched and hashed again", bars: 4 },
  reported: { label: "Reported", note: "somebody's word, not looked at", bars: 0 },
};

/** Tiers a reader may ask for, strongest first. */
export const ASKED_TIERS: readonly VerifyTier[] = ["read_back", "stored", "acknowledged", "size", "none"];
