import type { OutlineEntry } from "./markdown/prepare-tree";

/** Headings and steps in the order of the file. */
export function RunbookOutline({ outline }: { outline: readonly OutlineEntry[] }) {
  return (
    <nav aria-label="Outline">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <ol tabIndex={0} className="max-h-[44vh] overflow-y-auto max-phone:max-h-[136px] border-t border-line py-1.5">
        {outline.map((entry) => (
          <li key={entry.anchor}>
            <a
              href={`#${entry.anchor}`}
              className={`flex min-h-6 items-center gap-2 px-4 py-1 text-sm hover:bg-sunken touch:min-h-11 ${entry.kind === "heading" ? "font-semibold" : "text-ink-2"}`}
              style={{
                paddingLeft: 16 + (entry.kind === "step" ? 8 + entry.depth * 14 : Math.max(0, entry.depth - 2) * 10),
              }}
            >
              {entry.kind === "step" && <span className="min-w-4 shrink-0 text-ink-3">{entry.id}</span>}
              <span className="min-w-0 truncate">{entry.title}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
