import { classNames } from "@/components/ui/class-names";

const HEIGHTS = [4, 6, 8.5, 11];

/** One to four bars: how strong the evidence is. */
export function EvidenceLadder({ bars }: { bars: number }) {
  return (
    <span role="img" aria-label={`evidence ${bars} of 4`} className="inline-flex h-[11px] items-end gap-[1.5px]">
      {HEIGHTS.map((height, at) => (
        <i
          key={height}
          className={classNames("w-[3px] rounded-[1px]", at < bars ? "bg-ok" : "bg-line-strong opacity-75")}
          style={{ height }}
        />
      ))}
    </span>
  );
}
