import type { CSSProperties } from "react";
import { formatCount } from "@/lib/format";
import type { PlanFacts } from "../contract";
import { EVIDENCE_LOOKS } from "./evidence-look";

type Part = { name: string; objects: number; style: CSSProperties };

/** Everything listed by what will become of it, to scale, with the sum that must hold. */
export function FateBar({ counts }: { counts: PlanFacts["counts"] }) {
  const parts: Part[] = [
    { name: "to copy", objects: counts.toCopy.objects, style: { background: "var(--s1)" } },
    {
      name: "left out",
      objects: counts.leftOut.reduce((sum, { objects }) => sum + objects, 0),
      style: EVIDENCE_LOOKS.left_out.style,
    },
    { name: "not there", objects: counts.missing.objects, style: EVIDENCE_LOOKS.missing.style },
    { name: "cannot go", objects: counts.invalid.objects, style: EVIDENCE_LOOKS.decide.style },
  ].filter(({ objects }) => objects > 0);
  if (parts.length === 0) return null;
  return (
    <div className="mt-3">
      <div className="flex h-3.5 gap-px overflow-hidden rounded-xs" aria-hidden>
        {parts.map(({ name, objects, style }) => (
          // At least 2.5 px: one object among a hundred thousand must be seen.
          <span key={name} className="min-w-[2.5px] basis-0" style={{ ...style, flexGrow: objects }} />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
        <li>
          <b className="text-ink">{formatCount(counts.total.objects)}</b> listed
        </li>
        {parts.map(({ name, objects, style }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span className="size-3 rounded-xs" style={style} aria-hidden />
            {formatCount(objects)} {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
