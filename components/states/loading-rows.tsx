import { Skeleton } from "@/components/ui/skeleton";

const WIDTHS = ["w-2/5", "w-3/5", "w-1/3", "w-1/2", "w-2/3"];

/** Rows of a list or table that is loading: same height as the rows to come, 34 px unless told. */
export function LoadingRows({ rows = 8, rowHeightPx = 34 }: { rows?: number; rowHeightPx?: number }) {
  return (
    <div role="status" aria-label="Loading" aria-busy>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={at} className="flex items-center gap-4 border-b border-line px-4" style={{ height: rowHeightPx }}>
          <Skeleton className={WIDTHS[at % WIDTHS.length] ?? "w-1/2"} />
          <Skeleton className="ml-auto w-12" />
        </div>
      ))}
    </div>
  );
}
