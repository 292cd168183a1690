"use client";

import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { formatCount } from "@/lib/format";
import type { MapFind } from "../../domain/service-view/map-find";
import { ServiceFindInput } from "./service-find-input";

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
  const handleKey = (key: string): boolean => {
    if (key === "ArrowDown") onStep(1);
    else if (key === "ArrowUp") onStep(-1);
    else if (key === "Enter") onOpen();
    else return false;
    return true;
  };
  return (
    <search className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2 max-phone:px-3.5">
      <ServiceFindInput
        className="w-72"
        label="Find a service in the map"
        onKey={handleKey}
        onText={onText}
        text={text}
      />
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
