import { Button } from "./button";

/** Stands where a part of the page would, whose code did not come. */
export function PartNotLoaded({ onRetry }: { onRetry: () => void }) {
  return (
    <span
      className="inline-flex flex-wrap items-center gap-2 rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-sm text-ink-2 shadow-raised"
      role="alert"
    >
      This part did not load: the connection failed, or the console was updated.
      <Button onClick={onRetry} size="sm">
        Try again
      </Button>
      <Button onClick={() => window.location.reload()} size="sm" variant="ghost">
        Reload the page
      </Button>
    </span>
  );
}
