import { placeOnHistogram, toMiniHistogram } from "../../domain/service-view/mini-histogram";
import { type OperationRow, WORSE_RATIO } from "../../domain/service-view/operation-rows";

type MiniHistogramPictureProps = {
  row: Pick<OperationRow, "histogram" | "histogramBefore" | "state" | "now"> & Partial<Pick<OperationRow, "p95Ratio">>;
  width: number;
  height: number;
};

const TICKS = [
  ["p50Us", 3],
  ["p95Us", 5],
  ["p99Us", 3],
] as const;

/** Now filled, before as an outline, ticks for p50, p95 and p99. The numbers stand beside it. */
export function MiniHistogramPicture({ row, width, height }: MiniHistogramPictureProps) {
  const { bars, outline } = toMiniHistogram(row.histogram, row.histogramBefore);
  const floor = height - 5;
  const fill = row.state === "worse" && (row.p95Ratio ?? WORSE_RATIO) >= WORSE_RATIO ? "var(--bad)" : "var(--s1)";
  const line = outline
    .map(
      ({ x, height: share }, at) =>
        `${at === 0 ? `M${(x * width).toFixed(1)} ${floor}L` : "L"}${(x * width).toFixed(1)} ${(floor - share * (floor - 2)).toFixed(1)}`,
    )
    .join("");
  const { quantiles } = row.now;
  return (
    <svg aria-hidden className="block max-w-full" height={height} viewBox={`0 0 ${width} ${height}`} width={width}>
      {bars.map((bar) => (
        <rect
          fill={`color-mix(in srgb, ${fill} 70%, var(--surface))`}
          height={Math.max(1, bar.height * (floor - 2))}
          key={bar.x}
          width={Math.max(1, bar.width * width - 0.8)}
          x={bar.x * width}
          y={floor - Math.max(1, bar.height * (floor - 2))}
        />
      ))}
      <path d={line} fill="none" stroke="var(--ink-2)" />
      <path d={`M0 ${floor + 0.5}H${width}`} stroke="var(--line-strong)" />
      {quantiles !== null &&
        TICKS.map(([key, length]) => {
          const at = placeOnHistogram(row.histogram, quantiles[key]);
          return (
            at !== undefined && (
              <path
                d={`M${(at * width).toFixed(1)} ${floor}v${length}`}
                key={key}
                stroke="var(--ink)"
                strokeWidth={key === "p95Us" ? 2 : 1}
              />
            )
          );
        })}
    </svg>
  );
}
