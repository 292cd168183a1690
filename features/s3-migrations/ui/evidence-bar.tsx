import { classNames } from "@/components/ui/class-names";
import { formatBytes, formatCount } from "@/lib/format";
import type { EvidencePart } from "../domain/evidence";
import { EVIDENCE_LOOKS } from "./evidence-look";

type EvidenceBarProps = {
  label: string;
  parts: readonly EvidencePart[];
  of: "objects" | "bytes";
  className?: string;
};

/** The stack on one axis, to scale; a part too small to be seen keeps 2.5 px. */
export function EvidenceBar({ label, parts, of, className }: EvidenceBarProps) {
  const shown = parts.map((part) => ({ kind: part.kind, amount: part[of] ?? 0 })).filter(({ amount }) => amount > 0);
  const say = (amount: number) => (of === "objects" ? `${formatCount(amount)} objects` : formatBytes(amount));
  const words = shown.map(({ kind, amount }) => `${EVIDENCE_LOOKS[kind].label} ${say(amount)}`).join(", ");
  return (
    <div
      role="img"
      aria-label={`${label}: ${words === "" ? "nothing yet" : words}`}
      className={classNames("flex gap-px overflow-hidden rounded-xs", className)}
    >
      {shown.map(({ kind, amount }) => (
        <i
          key={kind}
          title={`${EVIDENCE_LOOKS[kind].label}: ${say(amount)}`}
          className="block"
          style={{ ...EVIDENCE_LOOKS[kind].style, flex: `${amount} 0 2.5px` }}
        />
      ))}
      {shown.length === 0 && <i className="block grow" style={EVIDENCE_LOOKS.waiting.style} />}
    </div>
  );
}
