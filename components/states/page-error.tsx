"use client";

import { Card } from "@/components/ui/card";
import { ErrorState } from "./error-state";

export type PageErrorProps = { error: Error & { digest?: string }; reset: () => void };

/** A page that failed while it was made; the rail and the other pages keep working. */
export function PageError({ error, reset }: PageErrorProps) {
  return (
    <Card>
      <ErrorState problem={error} onRetry={reset}>
        The other pages still work.
        {error.digest !== undefined && (
          <>
            {" "}
            The log has the reason under <span className="mono">{error.digest}</span>.
          </>
        )}
      </ErrorState>
    </Card>
  );
}
