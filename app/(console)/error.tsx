"use client";

import { ErrorState } from "@/components/states/error-state";
import { Card } from "@/components/ui/card";

/** A page that failed while it was made; the rail and the other pages keep working. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Card>
      <ErrorState problem={error} onRetry={reset}>
        {error.digest !== undefined && (
          <>
            The log has the reason under <span className="mono">{error.digest}</span>.
          </>
        )}
      </ErrorState>
    </Card>
  );
}
