import { formatDuration } from "@/lib/format";
import { newText, placeOnStrip, type RowUsual, type UsualTone } from "../../domain/waterfall/usual-rows";
import { CELL_ROLE } from "../grid-roles";

const STRIP_PX = 37;
const TEXT: Record<UsualTone, string> = {
  plain: "text-ink-3",
  raised: "font-semibold text-warn",
  high: "font-semibold text-bad",
  via: "text-ink-3",
};
const MARK: Record<UsualTone, string> = {
  plain: "var(--ink)",
  raised: "var(--warn)",
  high: "var(--bad)",
  via: "var(--ink-3)",
};

type UsualCellProps = {
  usual: RowUsual | undefined;
  /** Time of the critical path in the row and below; undefined while the path is switched off. */
  pathUs: number | undefined;
  /** Without history the column tells the path alone. */
  hasUsual: boolean;
};

/** What is usual here and how this compares; for what decided nothing, that it did not. */
export function UsualCell({ usual, pathUs, hasUsual }: UsualCellProps) {
  const isOff = pathUs === 0;
  if (!hasUsual) {
    return (
      <div className="wf-usual truncate pr-2 pl-1 text-right text-[11.5px] text-ink-3" {...CELL_ROLE}>
        {pathUs !== undefined && (isOff ? "off the path" : formatDuration(pathUs))}
      </div>
    );
  }
  if (usual?.kind === "known" && !isOff) return <KnownUsual {...usual} />;
  const isNew = usual?.kind === "new";
  return (
    <div
      className={`wf-usual truncate pr-2 pl-1 text-right text-[11.5px] ${isNew && usual.isFirst && !isOff ? "font-semibold text-bad" : "text-ink-3"}`}
      {...CELL_ROLE}
      title={usual?.kind === "known" ? usualTitle(usual) : undefined}
    >
      {isOff ? "off the critical path" : isNew ? newText(usual.release) : ""}
    </div>
  );
}

type Known = Extract<RowUsual, { kind: "known" }>;

function usualTitle({ usual, nowUs, rank, tone }: Known): string {
  const spread = `p5 ${formatDuration(usual.p5Us)}, p95 ${formatDuration(usual.p95Us)}`;
  const via = tone === "via" ? ", explained by rows below" : "";
  return `Usually ${formatDuration(usual.p50Us)} (${spread}), now ${formatDuration(nowUs)}: ${rank}${via}`;
}

function KnownUsual(known: Known) {
  const { usual, nowUs, rank, tone, calls } = known;
  const place = (valueUs: number) => (3 + placeOnStrip(valueUs, usual.p50Us) * (STRIP_PX - 6)).toFixed(1);
  const now = place(nowUs);
  const from = place(usual.p5Us);
  return (
    <div
      className="wf-usual grid grid-cols-[48px_37px_minmax(0,1fr)] items-center gap-1 pr-1.5 text-right text-[11.5px] whitespace-nowrap text-ink-3"
      {...CELL_ROLE}
      title={usualTitle(known)}
    >
      <span>{calls === "" ? formatDuration(usual.p50Us) : calls.replace("usually ", "")}</span>
      <svg aria-hidden height="14" width={STRIP_PX}>
        <path d={`M0 7.500H${STRIP_PX}`} stroke="var(--line)" />
        <rect
          fill="var(--line-strong)"
          height="6"
          width={Math.max(1, Number(place(usual.p95Us)) - Number(from))}
          x={from}
          y="4.5"
        />
        <path d={`M${place(usual.p50Us)} 3.500v8`} stroke="var(--ink-2)" strokeWidth="1.2" />
        <path d={`M${now} 4l3 6h-6z`} fill={MARK[tone]} />
      </svg>
      <span className={TEXT[tone]}>
        {rank}
        {tone === "via" && "↓"}
      </span>
    </div>
  );
}
