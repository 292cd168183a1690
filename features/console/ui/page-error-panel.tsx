"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { startTransition, useEffect, useEffectEvent, useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { PageError, type PageErrorProps } from "@/components/states/page-error";
import { Card } from "@/components/ui/card";
import { ApiProblem } from "@/lib/api";
import { DATABASE_AWAY_DIGEST } from "@/lib/console-contract";
import { findComponent, isDown } from "../domain/component-health";
import { healthQuery } from "../queries";

const AWAY = new ApiProblem({
  status: 503,
  code: "database_away",
  detail: "This page is made of what is in it. It opens by itself once the database answers again.",
});

/** A page that failed while it was made: what the console knows to be down is named, all else is for the log to tell. */
export function PageErrorPanel({ error, reset }: PageErrorProps) {
  const router = useRouter();
  const { data: health, dataUpdatedAt } = useQuery(healthQuery);
  const [failedAt] = useState(() => Date.now());
  const isAway = error.digest === DATABASE_AWAY_DIGEST || isDown(health, "database");
  const retry = useEffectEvent(() => {
    // The page was made on the server: without a refresh the same failure would be shown again.
    startTransition(() => {
      router.refresh();
      reset();
    });
  });
  const isBack = isAway && dataUpdatedAt > failedAt && findComponent(health, "database")?.status === "ok";
  // Outside system: the server, which can make the page again.
  useEffect(() => {
    if (isBack) retry();
  }, [isBack]);
  if (!isAway) return <PageError error={error} reset={retry} />;
  return (
    <Card>
      <ErrorState problem={AWAY} onRetry={retry} since={findComponent(health, "database")?.since}>
        Pages that are open keep what they show.
      </ErrorState>
    </Card>
  );
}
