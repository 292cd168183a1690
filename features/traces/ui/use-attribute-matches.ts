"use client";

import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { AttributeTerm } from "../domain/waterfall/attribute-matches";
import { askedOfServer, attributeKey, type TraceQuery } from "../domain/waterfall/trace-query";
import { attributeMatchesQuery } from "../queries";

/** Typing asks nothing until it rests. */
const SETTLED_AFTER_MS = 250;
/** Words of one query that are looked for among attributes. */
const MAX_ASKED = 8;

type Asked = { traceId: string; version: string; spanCount: number };

/** Spans with the attributes a query names: the columns hold none, so the server looks. `isLooking` until all have come. */
export function useAttributeMatches({ traceId, version, spanCount }: Asked, query: TraceQuery) {
  const wanted = useMemo(() => askedOfServer(query).slice(0, MAX_ASKED), [query]);
  const terms = useSettled(wanted);
  const answers = useQueries({
    queries: terms.map((term) => attributeMatchesQuery({ traceId, version, spanCount, term })),
    combine: (results) => ({
      marks: results.map(({ data }) => data?.marks),
      isCut: results.some(({ data }) => data?.isWhole === false),
      isPending: results.some(({ isPending }) => isPending),
      isFailed: results.some(({ isError }) => isError),
    }),
  });
  const { marks, isCut, isPending, isFailed } = answers;
  const marksOf = useMemo(() => {
    const byKey = new Map(terms.map((term, at) => [attributeKey(term), marks[at]]));
    return (term: AttributeTerm) => byKey.get(attributeKey(term));
  }, [terms, marks]);
  return { marksOf, isLooking: isPending || terms !== wanted, isCut, isFailed };
}

function useSettled(terms: readonly AttributeTerm[]): readonly AttributeTerm[] {
  const [settled, setSettled] = useState(terms);
  const isSame = JSON.stringify(settled) === JSON.stringify(terms);
  // Outside system: the clock.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(terms), isSame ? 0 : SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [terms, isSame]);
  return settled;
}
