"use client";

import { ErrorState } from "@/components/states/error-state";
import { Card } from "@/components/ui/card";

/** A traces page that failed while it was made; searching anew is one click away in the rail. */
export default function TracesError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
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
