import type { ReactNode } from "react";
import type { LiveQuery } from "@/components/hooks/use-live-query";
import { Card, CardHeader } from "@/components/ui/card";
import { ErrorState } from "./error-state";
import { LoadingCard } from "./loading-card";
import { StaleNote } from "./stale-note";
import { UnansweredCard } from "./unanswered-card";

type LiveCardProps<Data> = {
  title: string;
  live: LiveQuery<Data>;
  loading: { rows: number; rowHeightPx?: number };
  /** What is missing while nobody answers, as a sentence. */
  unanswered: string;
  className?: string;
  /** `stale` says how old the figures are once newer ones do not come; grey them then. */
  children: (data: Data, stale: ReactNode) => ReactNode;
};

/** A card in whichever state its figures are: a skeleton, still waited for, failed, or there and perhaps stale. */
export function LiveCard<Data>({ title, live, loading, unanswered, className = "", children }: LiveCardProps<Data>) {
  const { data, isLoading, isSlow, problem, retry, dataAt } = live;
  if (data !== undefined) return children(data, problem !== undefined || isSlow ? <StaleNote at={dataAt} /> : null);
  if (isLoading && !isSlow) return <LoadingCard className={className} {...loading} />;
  if (problem === undefined) {
    return (
      <UnansweredCard className={className} title={title}>
        {unanswered}
      </UnansweredCard>
    );
  }
  return (
    <Card className={className}>
      <CardHeader title={title} />
      <ErrorState onRetry={retry} problem={problem} />
    </Card>
  );
}
