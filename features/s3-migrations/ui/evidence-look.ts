import type { CSSProperties } from "react";
import type { EvidenceKind } from "../domain/evidence";

type Look = { label: string; note: string; bars: number | undefined; style: CSSProperties };

const mix = (colour: string, percent: number, other: string) =>
  `color-mix(in srgb, var(${colour}) ${percent}%, var(${other}))`;
const outline = (colour: string) => `inset 0 0 0 1px var(${colour})`;

/** More ink is more proof. Pattern and colour both differ, so that neither is needed alone. */
export const EVIDENCE_LOOKS: Record<EvidenceKind, Look> = {
  read_back: {
    label: "Read back",
    note: "fetched and hashed again",
    bars: 4,
    style: { background: mix("--ok", 62, "--ink") },
  },
  stored: { label: "Stored sum", note: "checksum told by HEAD", bars: 3, style: { background: "var(--ok)" } },
  acknowledged: {
    label: "Acknowledged",
    note: "checksum checked at PUT",
    bars: 2,
    style: {
      background: `repeating-linear-gradient(135deg, ${mix("--ok", 58, "--surface")} 0 3px, ${mix("--ok", 34, "--surface")} 3px 5px)`,
    },
  },
  size: {
    label: "Size only",
    note: "equal length is no proof",
    bars: 1,
    style: {
      background: `repeating-linear-gradient(135deg, ${mix("--ok", 14, "--surface")} 0 3px, var(--ok) 3px 4px)`,
      boxShadow: outline("--ok"),
    },
  },
  reported: {
    label: "Reported",
    note: "somebody's word, not looked at",
    bars: 0,
    style: {
      background: `radial-gradient(circle at 2px 2px, ${mix("--ok", 60, "--surface")} 1px, transparent 1.2px) 0 0 / 5px 5px`,
      boxShadow: outline("--ok"),
    },
  },
  decide: { label: "To decide", note: "a person must look", bars: undefined, style: { background: "var(--bad)" } },
  missing: {
    label: "No file",
    note: "gone at the source",
    bars: undefined,
    style: {
      background:
        "radial-gradient(circle at 2px 2px, var(--ink-3) 1px, transparent 1.2px) 0 0 / 4px 4px, var(--sunken)",
      boxShadow: outline("--stale"),
    },
  },
  left_out: {
    label: "Left out",
    note: "by rule, a person or a later look",
    bars: undefined,
    style: { background: "transparent", boxShadow: outline("--line-strong") },
  },
  retry: {
    label: "Retry later",
    note: "failed for now",
    bars: undefined,
    style: {
      background: "repeating-linear-gradient(90deg, var(--running) 0 1.5px, var(--sunken) 1.5px 4px)",
      boxShadow: outline("--running"),
    },
  },
  waiting: {
    label: "Waiting",
    note: "not yet copied",
    bars: undefined,
    style: { background: "var(--sunken)", boxShadow: outline("--line") },
  },
};
