import { Kbd } from "@/components/ui/kbd";

/** What the marks of the waterfall mean, and its keys. */
export function WaterfallLegend({ hasPath, hasUsual }: { hasPath: boolean; hasUsual: boolean }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-2.5 py-1.5 text-xs text-ink-3">
      <span className="inline-flex items-center gap-1.5">
        <svg aria-hidden height="10" width="26">
          <rect className="opacity-35" fill="var(--s1)" height="8" width="26" y="1" />
          <rect fill="var(--s1)" height="8" width="9" y="1" />
        </svg>
        solid: own work, pale: waiting for children
      </span>
      {hasPath && (
        <span className="inline-flex items-center gap-1.5">
          <svg aria-hidden height="14" width="26">
            <path d="M0 3h9v8h9V3h8" fill="none" stroke="var(--ink)" strokeWidth="1.6" />
          </svg>
          critical path: what decided the end
        </span>
      )}
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden className="wf-hatch inline-block h-2.5 w-6" /> no span explains it
      </span>
      <span className="inline-flex items-center gap-1.5">
        <b className="text-bad">×</b> failed
      </span>
      {hasUsual && (
        <span className="inline-flex items-center gap-1.5">
          <b>↓</b> explained by rows below
        </span>
      )}
      <span className="ml-auto max-phone:hidden">
        <Kbd>j</Kbd> <Kbd>k</Kbd> row, <Kbd>←</Kbd> <Kbd>→</Kbd> fold, <Kbd>↵</Kbd> details, <Kbd>p</Kbd> next on path,{" "}
        <Kbd>e</Kbd> next error, <Kbd>w</Kbd> widest child, <Kbd>z</Kbd> zoom, <Kbd>0</Kbd> all, <Kbd>f</Kbd> find
      </span>
    </div>
  );
}
