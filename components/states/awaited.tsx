"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useIsSlow } from "@/components/hooks/use-live-query";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { StateGlyph } from "@/components/ui/state-glyph";

type AwaitedProps = {
  /** Of the question that is waited for. */
  queryKey: QueryKey;
  /** What a cancel ends: this rung and all below it; the question itself where nothing else is named. */
  cancelKey?: QueryKey;
  isFetching: boolean;
  onRetry: () => void;
  /** What takes its time, as a whole clause: "the trace source is asked for 100 traces". */
  waitsFor: string;
  /** The skeleton of what comes; gone once nothing comes any more. */
  children?: ReactNode;
};

/**
 * Stands where an answer will: a skeleton, from the fourth second on with what it waits for and a way out, and once that
 * was taken a way back.
 */
export function Awaited({ queryKey, cancelKey = queryKey, isFetching, onRetry, waitsFor, children }: AwaitedProps) {
  const client = useQueryClient();
  const isSlow = useIsSlow(queryKey, isFetching);
  if (!isFetching) {
    return (
      <Note action="Ask again" onAction={onRetry}>
        Stopped before there was an answer.
      </Note>
    );
  }
  return (
    <>
      {isSlow && (
        <Note action="Cancel" onAction={() => void client.cancelQueries({ queryKey: cancelKey })}>
          Still working: {waitsFor}.
        </Note>
      )}
      {children}
    </>
  );
}

function Note({ children, action, onAction }: { children: ReactNode; action: string; onAction: () => void }) {
  return (
    <Card className="mb-2.5 flex items-center gap-3 px-4 py-2 text-sm text-stale max-phone:px-3.5">
      <p className="flex min-w-0 grow items-center gap-2" role="status">
        <StateGlyph tone="stale" />
        <span className="min-w-0 text-pretty">{children}</span>
      </p>
      <Button className="shrink-0" onClick={onAction} size="sm">
        {action}
      </Button>
    </Card>
  );
}
