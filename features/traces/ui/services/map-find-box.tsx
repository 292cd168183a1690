"use client";

import { Search, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { formatCount } from "@/lib/format";
import type { MapFind } from "../../domain/service-view/map-find";

type MapFindBoxProps = {
  text: string;
  onText: (text: string) => void;
  find: MapFind | undefined;
  /** Means the match after, or before, the one that is meant. */
  onStep: (by: 1 | -1) => void;
  onOpen: () => void;
  isOnly: boolean;
  onOnly: (isOnly: boolean) => void;
  serviceCount: number;
};

/** Finds a service in the map: as it is typed, arrows step through what was found, Enter opens, Escape clears. */
export function MapFindBox({ text, onText, find, onStep, onOpen, isOnly, onOnly, serviceCount }: MapFindBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => input.current?.focus() });
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") onStep(1);
    else if (event.key === "ArrowUp") onStep(-1);
    else if (event.key === "Enter") onOpen();
    else if (event.key === "Escape" && text !== "") onText("");
    else if (event.key === "Escape") input.current?.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2 max-phone:px-3.5">
      <label className="flex h-8 w-72 items-center gap-1.5 rounded-md border border-line-strong bg-surface pr-1 pl-2 text-ink-3 focus-within:outline-2 focus-within:outline-accent touch:h-11 max-phone:w-full">
        <Search aria-hidden className="size-3.5 shrink-0" />
        <input
          aria-label="Find a service in the map"
          autoCapitalize="off"
          autoComplete="off"
          className="min-w-0 flex-1 border-0 bg-transparent text-md text-ink outline-none touch:text-[16px]"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={handleKey}
          placeholder="Find a service"
          ref={input}
          spellCheck={false}
          value={text}
        />
        {text === "" ? (
          <Kbd>/</Kbd>
        ) : (
          <IconButton label="Clear" onClick={() => onText("")} size="sm">
            <X aria-hidden />
          </IconButton>
        )}
      </label>
      <span aria-live="polite" className="min-w-0 text-sm text-ink-2">
        {find === undefined ? `${formatCount(serviceCount)} in the map` : <Found find={find} />}
      </span>
      {find !== undefined && find.matches.length > 0 && (
        <>
          <Button aria-pressed={isOnly} className="max-phone:hidden" onClick={() => onOnly(!isOnly)} size="sm">
            {isOnly ? "Show the whole map" : `Show only these ${formatCount(find.shown.size)}`}
          </Button>
          <span className="ml-auto inline-flex items-center gap-1.5 text-xs text-ink-3 max-tablet:hidden">
            <Kbd>↑</Kbd> <Kbd>↓</Kbd> next <Kbd>↵</Kbd> open <Kbd>Esc</Kbd> clear
          </span>
        </>
      )}
    </search>
  );
}

function Found({ find: { matches, active, neighbours } }: { find: MapFind }) {
  if (active === undefined) return "No service has this in its name";
  const count = matches.length === 1 ? "" : `${matches.indexOf(active) + 1} of ${formatCount(matches.length)}: `;
  const calls = neighbours.size === 1 ? "1 neighbour" : `${formatCount(neighbours.size)} neighbours`;
  return (
    <>
      {count}
      <b className="font-semibold [overflow-wrap:anywhere] text-ink">{active}</b>, {calls}
    </>
  );
}
