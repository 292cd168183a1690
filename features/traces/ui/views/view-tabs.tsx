import type { KeyboardEvent } from "react";
import { VIEW_NAMES, type ViewName } from "../../domain/views/trace-views";

/** What the tab controls, for `aria-controls`. */
export const VIEW_PANEL_ID = "trace-view-panel";
export const viewTabId = (name: ViewName): string => `trace-view-${name}`;

const LABELS: Record<ViewName, string> = {
  waterfall: "Waterfall",
  flame: "Flame",
  operations: "Operations",
  spans: "Spans",
  raw: "Raw",
};

/** The views of one trace as tabs: arrow keys walk, and walking shows. */
export function ViewTabs({ shown, onShow }: { shown: ViewName; onShow: (name: ViewName) => void }) {
  const handleKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = tabAfter(shown, event.key);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onShow(next);
    event.currentTarget.querySelector<HTMLElement>(`#${viewTabId(next)}`)?.focus();
  };
  return (
    <div
      aria-label="View of the trace"
      className="inline-flex h-8 min-w-0 shrink-0 items-stretch rounded-md border border-line-strong bg-sunken p-0.5 touch:h-[50px] max-phone:flex max-phone:basis-full"
      onKeyDown={handleKeyDown}
      role="tablist"
    >
      {VIEW_NAMES.map((name, at) => (
        <button
          aria-controls={name === shown ? VIEW_PANEL_ID : undefined}
          aria-selected={name === shown}
          className="rounded-sm px-2.5 text-sm whitespace-nowrap text-ink-2 hover:text-ink aria-selected:bg-raised aria-selected:font-medium aria-selected:text-ink aria-selected:shadow-card aria-selected:ring-1 aria-selected:ring-line-strong max-phone:flex-auto max-phone:px-1.5"
          id={viewTabId(name)}
          key={name}
          onClick={() => onShow(name)}
          role="tab"
          tabIndex={name === shown ? 0 : -1}
          title={`${LABELS[name]} (${at + 1})`}
          type="button"
        >
          {LABELS[name]}
        </button>
      ))}
    </div>
  );
}

function tabAfter(shown: ViewName, key: string): ViewName | undefined {
  const at = VIEW_NAMES.indexOf(shown);
  const count = VIEW_NAMES.length;
  if (key === "ArrowRight") return VIEW_NAMES[(at + 1) % count];
  if (key === "ArrowLeft") return VIEW_NAMES[(at + count - 1) % count];
  if (key === "Home") return VIEW_NAMES[0];
  return key === "End" ? VIEW_NAMES[count - 1] : undefined;
}
