"use client";

import { SlidersHorizontal } from "lucide-react";
import { Suspense, useRef, useState } from "react";
import { lazyPart, preloadPart } from "@/components/ui/lazy-part";
import { formatDuration } from "@/lib/format";
import { parseQueryLine } from "../../domain/query/parse-query-line";
import { type FactMeaning, toFactMeaning } from "../../domain/query/query-meaning";
import type { SearchView } from "../../domain/search-view/search-address";

// The form is reached for rarely; the line says the same.
const loadPanel = () => import("./filters-panel");
const FiltersPanel = lazyPart(() => loadPanel().then((module) => module.FiltersPanel));

type FiltersProps = { view: SearchView; onView: (changes: Partial<SearchView>) => void };

/** What the line says, in words, and the form that says it with fields. */
export function FiltersButton({ view, onView }: FiltersProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { terms } = parseQueryLine(view.line);
  const summary = summaryOf(toFactMeaning(terms), view.matches);
  return (
    <>
      <button
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        className="inline-flex h-9 shrink-0 items-stretch self-stretch border-l border-line text-sm text-ink-3 hover:text-ink max-desk:px-3 max-phone:h-11"
        onClick={() => setOpen(true)}
        onFocus={() => preloadPart(loadPanel)}
        onPointerEnter={() => preloadPart(loadPanel)}
        ref={button}
        type="button"
      >
        <span className="sr-only">Filters, {terms.length} set</span>
        {summary.map(({ name, value }, at) => (
          <span
            aria-hidden
            className={`my-auto h-4 items-center gap-1 px-2.5 leading-4 whitespace-nowrap max-desk:hidden ${at > 0 ? "border-l border-line" : ""}`}
            key={name}
          >
            {name} <b className="font-medium text-ink">{value}</b>
          </span>
        ))}
        <SlidersHorizontal aria-hidden className="my-auto mr-2.5 max-desk:mr-0" size={16} />
      </button>
      {isOpen && (
        <Suspense>
          <FiltersPanel anchor={button} onClose={() => setOpen(false)} onView={onView} view={view} />
        </Suspense>
      )}
    </>
  );
}

function summaryOf(meaning: FactMeaning, matches: SearchView["matches"]) {
  const { minDurationUs: min, maxDurationUs: max, status } = meaning;
  const between = [min !== undefined && `≥ ${formatDuration(min)}`, max !== undefined && `≤ ${formatDuration(max)}`];
  return [
    {
      name: matches === "traces" ? "trace duration" : "span duration",
      value: between.filter(Boolean).join(" ") || "any",
    },
    { name: "status", value: status ?? "any" },
  ];
}
