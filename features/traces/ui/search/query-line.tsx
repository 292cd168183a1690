"use client";

import { Search, X } from "lucide-react";
import { type ReactNode, Suspense, useId, useRef } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { lazyPart } from "@/components/ui/lazy-part";
import { parseQueryLine } from "../../domain/query/parse-query-line";
import { printTerm } from "../../domain/query/print-query-line";
import type { QueryTerm } from "../../domain/query/query-line";
import { withoutTerm } from "../../domain/search-view/line-terms";
import { useQueryText } from "./use-query-text";

// The line is seen before anything can be completed.
const CompletionList = lazyPart(() => import("./completion-list").then((module) => module.CompletionList));

type QueryLineProps = {
  line: string;
  onLine: (line: string) => void;
  /** Terms that split the slow from the fast, where somebody has asked. */
  splitters: readonly string[];
  /** Buttons at the end of the line. */
  children: ReactNode;
};

/** The query: terms that hold stand as chips, the next one is written behind them with completion. */
export function QueryLine({ line, onLine, splitters, children }: QueryLineProps) {
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { terms } = parseQueryLine(line);
  const query = useQueryText({ line, onLine, splitters, input });
  const { text, active, options, isFocused } = query;
  const mistake = isFocused ? undefined : parseQueryLine(text).problems[0];
  useShortcuts({ "/": () => input.current?.focus() });
  return (
    <search aria-label="Traces" className="relative mb-2.5 block">
      <div className="flex min-h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface pl-2.5 shadow-card focus-within:border-accent focus-within:ring-3 focus-within:ring-accent-soft max-phone:min-h-11">
        <Search aria-hidden className="shrink-0 text-ink-3" size={16} />
        <div className="mono flex min-w-0 grow flex-wrap items-center gap-1.5 py-1 text-md max-phone:flex-nowrap max-phone:overflow-x-auto">
          {terms.map((term, at) => (
            <TermChip key={printTerm(term)} onRemove={() => onLine(withoutTerm(line, at))} term={term} />
          ))}
          <input
            aria-activedescendant={active === undefined ? undefined : `${listId}-${active}`}
            aria-autocomplete="list"
            aria-controls={listId}
            aria-describedby={`${listId}-problem`}
            aria-expanded={isFocused && options.length > 0}
            aria-invalid={mistake !== undefined}
            aria-label="Query"
            autoCapitalize="off"
            autoComplete="off"
            autoCorrect="off"
            className="h-7 min-w-32 grow bg-transparent outline-none placeholder:font-sans placeholder:text-ink-3 touch:text-[16px]"
            onBlur={() => query.setFocused(false)}
            onChange={(event) => query.write(event.target.value)}
            onFocus={() => query.setFocused(true)}
            onKeyDown={query.handleKey}
            placeholder={
              terms.length === 0 ? 'service:web operation:"GET /" dur>1s status:error' : "add attribute, dur>1s, …"
            }
            ref={input}
            role="combobox"
            spellCheck={false}
            value={text}
          />
        </div>
        {children}
      </div>
      <Suspense>
        <CompletionList
          active={active}
          id={listId}
          isOpen={isFocused}
          onAccept={query.accept}
          options={options}
          prefix={query.place?.prefix ?? ""}
          splitterCount={text === "" ? splitters.length : 0}
        />
      </Suspense>
      <p aria-live="polite" className="text-sm text-bad empty:hidden" id={`${listId}-problem`}>
        {mistake?.message ?? ""}
      </p>
    </search>
  );
}

function TermChip({ term, onRemove }: { term: QueryTerm; onRemove: () => void }) {
  const text = printTerm(term);
  const keyEnd = text.search(/[:<>]/) + 1;
  return (
    <span className="inline-flex h-[22px] max-w-[44ch] shrink-0 items-center rounded-sm bg-sunken pl-[7px]">
      <span className="truncate" title={text}>
        <span className="text-ink-3">{text.slice(0, keyEnd)}</span>
        {text.slice(keyEnd)}
      </span>
      <button
        aria-label={`Remove ${text}`}
        className="grid h-[22px] w-6 shrink-0 place-items-center text-ink-3 hover:text-ink touch:w-9"
        onClick={onRemove}
        type="button"
      >
        <X aria-hidden size={11} />
      </button>
    </span>
  );
}
