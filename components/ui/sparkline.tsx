type SparklineProps = {
  /** Oldest first; `null` is a gap, not a zero. */
  values: readonly (number | null)[];
  /** What it shows and its last value, in words: the picture's text alternative. */
  label: string;
  width?: number;
  height?: number;
  /** Top of the scale; the greatest value when missing. */
  max?: number;
  tone?: "accent" | "bad" | "quiet";
};

const TONES = { accent: "text-s1", bad: "text-bad", quiet: "text-ink-3" };

/** A line without axes from zero, with a dot at the newest value. Gaps stay gaps. */
export function Sparkline({ values, label, width = 84, height = 20, max, tone = "accent" }: SparklineProps) {
  const top = max ?? Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const stepX = values.length > 1 ? (width - 4) / (values.length - 1) : 0;
  const pointOf = (value: number, at: number): [number, number] => [
    2 + at * stepX,
    height - 2 - (Math.min(value, top) / top) * (height - 4),
  ];
  const path = toPath(values, pointOf);
  const last = values.at(-1);
  const dot = last == null ? undefined : pointOf(last, values.length - 1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      className={TONES[tone]}
    >
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round" />
      {dot !== undefined && <circle cx={dot[0]} cy={dot[1]} r="2" fill="currentColor" />}
    </svg>
  );
}

function toPath(values: SparklineProps["values"], pointOf: (value: number, at: number) => [number, number]): string {
  let path = "";
  let isDrawing = false;
  values.forEach((value, at) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const [x, y] = pointOf(value, at);
    path += `${isDrawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDrawing = true;
  });
  return path;
}
