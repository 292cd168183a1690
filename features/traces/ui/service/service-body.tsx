"use client";

import { useQuery } from "@tanstack/react-query";
import { useTimeRange } from "@/components/hooks/use-time-range";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Card } from "@/components/ui/card";
import type { RedReply } from "../../contract";
import { useSearchValue } from "../compare/use-search-value";
import { serviceMapQuery } from "../group-queries";
import type { RunbookSlot } from "../runbook-slot";
import { CallCard } from "./call-card";
import { OperationTable } from "./operation-table";
import { rangeName } from "./range-name";
import { RedCard } from "./red-card";

type ServiceBodyProps = {
  reply: RedReply;
  other: RedReply | undefined;
  place: Record<string, string | number | undefined>;
  Runbooks: RunbookSlot;
};

/** The chart, whom the service calls, and its operations. */
export function ServiceBody({ reply, other, place, Runbooks }: ServiceBodyProps) {
  const range = useTimeRange();
  const [opened, setOpened] = useSearchValue("operation", "push");
  const map = useQuery(serviceMapQuery(range));
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(320px,380px)] items-start gap-2.5 max-desk:grid-cols-[minmax(0,1fr)]">
        <RedCard reply={reply} windowName={range.from === undefined ? `last ${rangeName(range)}` : ""} />
        {map.data === undefined ? (
          <Card>
            {map.isError ? (
              <ErrorState onRetry={() => void map.refetch()} problem={map.error} />
            ) : (
              <LoadingRows rowHeightPx={32} rows={6} />
            )}
          </Card>
        ) : (
          <CallCard map={map.data} range={place} service={reply.service} />
        )}
      </div>
      <OperationTable Runbooks={Runbooks} onOpen={setOpened} opened={opened} other={other} reply={reply} />
    </>
  );
}
