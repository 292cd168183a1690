"use client";

import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { SECTIONS } from "./navigation";

type Row = { keys: readonly string[]; does: string };

const EVERYWHERE: Row[] = [
  { keys: ["⌘", "K"], does: "Go anywhere, do anything (Ctrl K)" },
  { keys: ["?"], does: "This map" },
  { keys: ["esc"], does: "Close what is open" },
];
const LISTS: Row[] = [
  { keys: ["j"], does: "Next row" },
  { keys: ["k"], does: "Previous row" },
  { keys: ["enter"], does: "Open it" },
  { keys: ["b"], does: "Select traces in the plot" },
  { keys: ["/"], does: "Search" },
  { keys: ["f"], does: "Filter, find, or fit the view" },
  { keys: ["e"], does: "Next error" },
];
const TRACES_AND_RUNS: Row[] = [
  { keys: ["←"], does: "Fold" },
  { keys: ["→"], does: "Unfold" },
  { keys: ["x"], does: "Open or close the fold; in the list, pick two to compare" },
  { keys: ["p"], does: "Next on the critical path" },
  { keys: ["w"], does: "Widest child" },
  { keys: ["n"], does: "Next match" },
  { keys: ["z"], does: "Zoom to the span" },
  { keys: ["0"], does: "Show the whole trace" },
  { keys: ["1", "…", "5"], does: "Views of the trace" },
  { keys: ["space"], does: "Tick the step" },
];

/** What the keyboard does, by where it does it. */
export function KeyboardMap({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const places = SECTIONS.map(({ label, shortcut }) => ({ keys: ["g", shortcut], does: label }));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard" size="md">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on small screens, which keys must be able to do */}
      <section aria-label="Keys" className="grid grid-cols-2 gap-x-8 gap-y-4 max-phone:grid-cols-1" tabIndex={0}>
        <Keys heading="Go to" rows={places} />
        <div className="grid content-start gap-4">
          <Keys heading="Everywhere" rows={EVERYWHERE} />
          <Keys heading="Lists" rows={LISTS} />
          <Keys heading="Traces and runs" rows={TRACES_AND_RUNS} />
        </div>
      </section>
    </Dialog>
  );
}

function Keys({ heading, rows }: { heading: string; rows: readonly Row[] }) {
  return (
    <section>
      <h3 className="mb-1 text-sm text-ink-3">{heading}</h3>
      <dl>
        {rows.map(({ keys, does }) => (
          <div key={does} className="flex min-h-7 items-center justify-between gap-4">
            <dd>{does}</dd>
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
          </div>
        ))}
      </dl>
    </section>
  );
}
