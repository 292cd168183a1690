import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { LoadingRows } from "./loading-rows";

/** A card with a header and `rows` loading rows. */
export function LoadingCard({
  rows = 4,
  rowHeightPx,
  className = "",
}: {
  rows?: number;
  rowHeightPx?: number;
  className?: string;
}) {
  return (
    <Card aria-busy className={className}>
      <div className="flex h-10 items-center px-4">
        <Skeleton className="w-32" />
      </div>
      <div className="border-t border-line">
        <LoadingRows rows={rows} {...(rowHeightPx === undefined ? {} : { rowHeightPx })} />
      </div>
    </Card>
  );
}
