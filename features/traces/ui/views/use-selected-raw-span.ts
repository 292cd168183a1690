import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { findSpan, type RawDocument } from "../../domain/raw/raw-text";
import { spanIdOf } from "../../domain/trace-skeleton";
import { spanQuery } from "../../queries";
import type { ViewProps } from "./view-props";

/** Which span of the document is selected, -1 for none; where the page has no ids, the server tells the selected one's. */
export function useSelectedRawSpan({ document, trace, state }: ViewProps & { document: RawDocument }): number {
  const { traceId, version, skeleton } = trace;
  const row = state.selected?.span;
  const known = row === undefined ? undefined : spanIdOf(skeleton, row);
  const asked = useQuery({
    ...spanQuery({ traceId, span: `at-${row ?? 0}`, version }),
    enabled: row !== undefined && known === undefined,
  });
  const id = known ?? (row === undefined ? undefined : asked.data?.spanId);
  return useMemo(() => (id === undefined ? -1 : findSpan(document, id)), [document, id]);
}
