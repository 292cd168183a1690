"use client";

import { type DefaultError, type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";

type LiveQuery<Data> = {
  data: Data | undefined;
  /** Nothing is known yet: show a skeleton. False for ever after the first answer or failure. */
  isLoading: boolean;
  /** Why the newest read failed; kept while the next one is under way. With `data`, that data is stale. */
  problem: Error | undefined;
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
  const { data, error, isFetched, isSuccess, dataUpdatedAt, refetch } = useQuery(options);
  const [lastError, setLastError] = useState<Error | undefined>(undefined);
  const nextError = error ?? (isSuccess ? undefined : lastError);
  if (nextError !== lastError) setLastError(nextError);
  return {
    data,
    isLoading: !isFetched,
    problem: nextError,
    dataAt: dataUpdatedAt,
    retry: () => void refetch(),
  };
}
