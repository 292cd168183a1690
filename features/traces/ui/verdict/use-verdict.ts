"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { UsualReply } from "../../contract";
import type { FindingsReply } from "../../domain/diagnosis/finding";
import { MIN_USUAL_TRACES } from "../../domain/paths/baseline";
import { findPressable, listPressables, type Pressable } from "../../domain/verdict/pressables";
import { toUsualOfTrace, type UsualOfTrace } from "../../domain/waterfall/usual-rows";
import { findingsQuery, type Trace, usualQuery } from "../../queries";
import { changeAddress } from "./change-address";

/** Everything the head of a trace's page knows beyond its spans. */
export type VerdictState = {
  reply: FindingsReply | undefined;
  isPending: boolean;
  /** Why there is no verdict. */
  problem: unknown;
  onRetry: () => void;
  pressables: readonly Pressable[];
  pressed: Pressable | undefined;
  /** Pressing what is pressed lets go of it. */
  press: (pressable: Pressable) => void;
  /** Undefined while unknown, and where there is too little history to tell. */
  usual: UsualReply["baseline"] | undefined;
  /** Other requests known, where they are too few to tell what is usual; else 0. */
  fewCount: number;
  /** What is usual of each row the findings name; undefined as above. */
  usualOfTrace: UsualOfTrace | undefined;
};

/** Asks why the trace took its time and what is usual; `finding=` in the address says what is pressed. */
export function useVerdict({ traceId, version, skeleton }: Trace): VerdictState {
  const params = useSearchParams();
  const findings = useQuery(findingsQuery({ traceId, version }));
  const usual = useQuery(usualQuery({ traceId, version }));
  const known = usual.data?.baseline;
  const usualOfTrace = useMemo(
    () => (usual.data === undefined ? undefined : toUsualOfTrace(usual.data, skeleton, version)),
    [usual.data, skeleton, version],
  );
  const reply = findings.data;
  const pressables = useMemo(() => (reply === undefined ? [] : listPressables(reply)), [reply]);
  const pressed = findPressable(pressables, params.get("finding"));
  return {
    reply,
    isPending: findings.isPending,
    problem: findings.error ?? undefined,
    onRetry: () => void findings.refetch(),
    pressables,
    pressed,
    press: ({ key }) => changeAddress({ finding: key === pressed?.key ? undefined : key }, "replace"),
    usual: known !== undefined && known.traceCount >= MIN_USUAL_TRACES ? known : undefined,
    fewCount: known !== undefined && known.traceCount < MIN_USUAL_TRACES ? known.traceCount : 0,
    usualOfTrace: reply?.evidence.version === version ? usualOfTrace : undefined,
  };
}
