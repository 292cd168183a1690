"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import { ApiProblem } from "@/lib/api";
import { routes } from "@/lib/routes";

// Forms show what a schema says of a field; zod/mini brings no language of its own.
z.config(en());

/**
 * Refusals are final: only an answer that may differ next time is asked for again. A source that is down was already
 * given its chances by the server; saying so at once serves the reader better than a skeleton.
 */
function isWorthRetrying(failures: number, error: Error): boolean {
  if (error instanceof ApiProblem && error.status >= 400 && error.status < 500 && error.status !== 429) return false;
  if (error instanceof ApiProblem && error.code === "upstream_unreachable") return false;
  return failures < 2;
}

/** A session that is over, or was taken away: nothing on this page can be read any more. */
function leaveWhenSignedOut(error: Error): void {
  if (!(error instanceof ApiProblem) || error.code !== "unauthorized") return;
  const { pathname, search } = window.location;
  if (pathname !== routes.signIn()) {
    window.location.assign(`${routes.signIn()}?${new URLSearchParams({ to: pathname + search })}`);
  }
}

/** One query cache per browser tab. Queries name their own `staleTime`; the default suits lists read once a page. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
        defaultOptions: {
          queries: { staleTime: 5000, retry: isWorthRetrying, retryOnMount: false, refetchOnWindowFocus: true },
          mutations: { retry: false },
        },
      }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
