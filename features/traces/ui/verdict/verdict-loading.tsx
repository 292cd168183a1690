import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

/** What is reserved for a verdict: enough for one or two findings, little enough to be filled without any. */
export const VERDICT_HEIGHT = "min-h-[176px]";

/** As tall as the panel of a trace with a few findings. */
export function VerdictLoading() {
  return (
    <Card aria-busy aria-label="Why it took so long" className={`mb-2.5 ${VERDICT_HEIGHT}`} role="status">
      <div className="px-4 py-[19px]">
        <Skeleton className="h-4 w-3/5" />
      </div>
      <div className="grid border-t border-line desk:grid-cols-[minmax(0,560px)_minmax(0,1fr)]">
        <div className="grid content-start gap-3 px-4 py-4">
          {["w-full", "w-2/5", "w-1/5"].map((width) => (
            <Skeleton className={width} key={width} />
          ))}
        </div>
        <div className="grid content-start gap-4 border-line px-4 py-4 max-desk:hidden desk:border-l">
          {["w-4/5", "w-3/5", "w-2/3"].map((width) => (
            <Skeleton className={width} key={width} />
          ))}
        </div>
      </div>
    </Card>
  );
}
