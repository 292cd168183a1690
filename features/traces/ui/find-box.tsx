"use client";

import { ChevronDown, ChevronUp, ListFilter, Search } from "lucide-react";
import { type RefObject, useId } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { formatCount } from "@/lib/format";
import type { QueryMistake } from "../domain/waterfall/trace-query";
import { FindInput } from "./find-input";

export type FindBoxProps = {
  find: string;
  onFind: (text: string) => void;
  mistakes: readonly QueryMistake[];
  matches: number;
  /** What is not known yet of the attributes the query names. */
  looking: { isLooking: boolean; isCut: boolean; isFailed: boolean };
  onStep: (step: 1 | -1) => void;
  /** Whether showing only matches is a choice here. */
  hasFilter: boolean;
  isFiltering: boolean;
  onFilter: (isOn: boolean) => void;
  findRef: RefObject<HTMLInputElement | null>;
};

const HELP = `Words are looked for in name, service, statement and in all attributes. Also:
http.status_code:500  db.name=shop  retry.count>=2  user.id:*  (attributes)
dur>5%  dur>=10ms  self>1%  start<50%
name:SELECT  svc:redis  attr:text  kind:client  is:database
name="GET /users"  svc=web  (the whole of it, to the letter)
error  path  orphan  events
A minus in front takes out, quotes hold words together.`;

/** Finds spans by a query: counts, steps, and shows only them on request. A word with a mistake is told, the rest holds. */
export function FindBox(props: FindBoxProps) {
  const { find, onFind, mistakes, matches, looking, onStep, findRef } = props;
  const noteId = useId();
  const isActive = find.trim() !== "";
  return (
    <div className="relative max-w-[420px] min-w-[200px] flex-1 max-phone:max-w-none max-phone:basis-full">
      <FindInput
        aria-describedby={mistakes.length > 0 ? noteId : undefined}
        aria-invalid={mistakes.length > 0 || undefined}
        aria-label="Find in this trace"
        boxClassName="h-8"
        found={isActive ? countText(matches, looking) : ""}
        Icon={Search}
        inputRef={findRef}
        onStep={onStep}
        onText={onFind}
        placeholder="dur>1%  name:SELECT  -svc:redis"
        title={HELP}
        value={find}
      >
        {isActive ? <MatchButtons {...props} /> : <KeyHint />}
      </FindInput>
      {mistakes.length > 0 && (
        <p
          className="absolute top-full right-0 left-0 z-20 mt-1 rounded-md border border-line-strong bg-raised px-2 py-1.5 text-sm text-ink-2 shadow-raised"
          id={noteId}
        >
          {mistakes.map(({ from, to, message }) => (
            <span className="block" key={from}>
              <code className="mono text-warn underline decoration-wavy underline-offset-2">
                {find.slice(from, to)}
              </code>{" "}
              {message}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function countText(matches: number, { isLooking, isCut, isFailed }: FindBoxProps["looking"]): string {
  const count = `${formatCount(matches)} ${matches === 1 ? "span" : "spans"}`;
  if (isLooking) return `${count}, looking`;
  if (isFailed) return `${count}, attributes not read`;
  return isCut ? `${count} or more` : count;
}

function KeyHint() {
  return (
    <span className="max-phone:hidden">
      <Kbd>f</Kbd>
    </span>
  );
}

function MatchButtons({ matches, onStep, hasFilter, isFiltering, onFilter }: FindBoxProps) {
  return (
    <>
      {hasFilter && (
        <IconButton
          aria-pressed={isFiltering}
          className={isFiltering ? "bg-accent-soft text-accent" : ""}
          label="Show only matches and what leads to them"
          onClick={() => onFilter(!isFiltering)}
          size="sm"
        >
          <ListFilter aria-hidden />
        </IconButton>
      )}
      <IconButton disabled={matches === 0} label="Previous match" onClick={() => onStep(-1)} size="sm">
        <ChevronUp aria-hidden />
      </IconButton>
      <IconButton disabled={matches === 0} label="Next match" onClick={() => onStep(1)} size="sm">
        <ChevronDown aria-hidden />
      </IconButton>
    </>
  );
}
