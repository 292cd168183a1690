"use client";

import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { formatCount } from "@/lib/format";

type TraceToolbarProps = {
  find: string;
  onFind: (text: string) => void;
  matches: number;
  onStep: (step: 1 | -1) => void;
  findRef: RefObject<HTMLInputElement | null>;
  errors: number;
  onNextError: () => void;
  levels: number;
  onLevels: (levels: number | undefined) => void;
  /** Stands before everything else. */
  start?: ReactNode;
};

/** Finding, folding and stepping through one trace. */
export function TraceToolbar(props: TraceToolbarProps) {
  const levels = Array.from({ length: Math.min(5, props.levels - 1) }, (_, at) => at + 1);
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-2">
      {props.start}
      <FindBox {...props} />
      <Button
        disabled={props.errors === 0}
        icon={<X aria-hidden className="text-bad" />}
        onClick={props.onNextError}
        size="sm"
        title="Next failed span (e)"
      >
        {errorText(props.errors)}
      </Button>
      <Menu
        align="start"
        label="Levels shown"
        trigger={
          <Button icon={<ChevronDown aria-hidden />} size="sm">
            Levels
          </Button>
        }
      >
        <MenuItem onSelect={() => props.onLevels(undefined)}>Unfold all</MenuItem>
        {levels.length > 0 && <MenuSeparator />}
        {levels.map((level) => (
          <MenuItem key={level} onSelect={() => props.onLevels(level)}>
            {level === 1 ? "Roots only" : `${level} levels`}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

/** One failed span is not the next of several. */
function errorText(errors: number): string {
  if (errors < 2) return errors === 0 ? "No errors" : "The failed span";
  return `Next of ${formatCount(errors)} errors`;
}

function FindBox({ find, onFind, matches, onStep, findRef }: TraceToolbarProps) {
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") findRef.current?.blur();
    else return;
    event.preventDefault();
  };
  const isActive = find.trim() !== "";
  return (
    <label className="flex h-8 max-w-[420px] min-w-[200px] flex-1 items-center gap-1.5 rounded-md border border-line-strong bg-surface pr-1 pl-2 text-ink-3 focus-within:outline-2 focus-within:outline-accent touch:h-11 max-phone:max-w-none max-phone:basis-full">
      <Search aria-hidden className="size-3.5 shrink-0" />
      <input
        aria-label="Find in this trace"
        className="mono min-w-0 flex-1 border-0 bg-transparent text-ink outline-none touch:text-[16px]"
        onChange={(event) => onFind(event.target.value)}
        onKeyDown={handleKeyDown}
        placeholder="name, service, statement"
        ref={findRef}
        value={find}
      />
      <span aria-live="polite" className="text-xs whitespace-nowrap">
        {isActive ? `${formatCount(matches)} ${matches === 1 ? "span" : "spans"}` : ""}
      </span>
      {isActive ? (
        <>
          <IconButton disabled={matches === 0} label="Previous match" onClick={() => onStep(-1)} size="sm">
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton disabled={matches === 0} label="Next match" onClick={() => onStep(1)} size="sm">
            <ChevronDown aria-hidden />
          </IconButton>
        </>
      ) : (
        <span className="max-phone:hidden">
          <Kbd>f</Kbd>
        </span>
      )}
    </label>
  );
}
