"use client";

import {
  type DefaultError,
  type QueryKey,
  type UseQueryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** Longer than a healthy source takes, shorter than a reader's patience with a skeleton. */
const SLOW_AFTER_MS = 3000;

export type LiveQuery<Data> = {
  data: Data | undefined;
  /** Nothing is known yet: show a skeleton. False for ever after the first answer or failure. */
  isLoading: boolean;
  /** Why the newest read failed; kept while the next one is under way. With `data`, that data is stale. */
  problem: Error | undefined;
  /** A read is under way for more than 3 s: show what is known, with its age, or that nothing is. */
  isSlow: boolean;
  /** A read is under way, or will be once there is a network. */
  isFetching: boolean;
  /** When `data` was read, epoch ms. */
  dataAt: number;
  retry: () => void;
};

/**
 * A query that is read again and again, without a flicker: a read that repeats after a failure neither takes the
 * failure off the screen nor puts the skeleton back.
 */
export function useLiveQuery<QueryData, Data = QueryData, Key extends QueryKey = QueryKey>(
  options: UseQueryOptions<QueryData, DefaultError, Data, Key>,
): LiveQuery<Data> {
  const { data, error, fetchStatus, isFetched, isFetching, isSuccess, dataUpdatedAt, refetch } = useQuery(options);
  const [lastError, setLastError] = useState<Error | undefined>(undefined);
  const nextError = error ?? (isSuccess ? undefined : lastError);
  const isSlow = useIsSlow(options.queryKey, isFetching);
  if (nextError !== lastError) setLastError(nextError);
  return {
    data,
    isLoading: !isFetched,
    problem: nextError,
    isSlow,
    isFetching: fetchStatus !== "idle",
    dataAt: dataUpdatedAt,
    retry: () => void refetch(),
  };
}

/** Reads under way, and since when: whatever shows one counts from its beginning, however late it came itself. */
const beganAt = new WeakMap<object, number>();

/** Whether a read of this key is under way for more than 3 s; for queries that {@link useLiveQuery} cannot make. */
export function useIsSlow(queryKey: QueryKey, isFetching: boolean): boolean {
  const query = useQueryClient().getQueryCache().find({ queryKey });
  const [isSlow, setIsSlow] = useState(false);
  // Outside system: the clock.
  useEffect(() => {
    if (query === undefined || !isFetching) return;
    const began = beganAt.get(query) ?? Date.now();
    beganAt.set(query, began);
    const timer = setTimeout(() => setIsSlow(true), began + SLOW_AFTER_MS - Date.now());
    return () => {
      clearTimeout(timer);
      setIsSlow(false);
      if (query.state.fetchStatus !== "fetching") beganAt.delete(query);
    };
  }, [query, isFetching]);
  return isSlow;
}
