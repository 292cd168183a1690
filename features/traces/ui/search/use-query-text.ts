"use client";

import { type KeyboardEvent, type RefObject, useState } from "react";
import { parseQueryLine } from "../../domain/query/parse-query-line";
import { printTerm } from "../../domain/query/print-query-line";
import { applyCompletion, completionPlace } from "../../domain/search-view/completion-place";
import { unreadText, withoutTerm, withTerms } from "../../domain/search-view/line-terms";
import { type Completion, useCompletions } from "./use-completions";

type QueryTextAsked = {
  line: string;
  onLine: (line: string) => void;
  splitters: readonly string[];
  input: RefObject<HTMLInputElement | null>;
};

/** What is written behind the terms of a line: its completions, the one the arrows stand on, and what keys do. */
export function useQueryText({ line, onLine, splitters, input }: QueryTextAsked) {
  const { terms } = parseQueryLine(line);
  // What does not read stays in the field, to be put right; also where an address brings it.
  const [text, setText] = useState(() => unreadText(line));
  const [seenLine, setSeenLine] = useState(line);
  const [isFocused, setFocused] = useState(false);
  const [active, setActive] = useState<number | undefined>(undefined);
  if (line !== seenLine) {
    setSeenLine(line);
    if (unreadText(line) !== "") setText(unreadText(line));
  }
  const place = completionPlace(text);
  const service = terms.find((term) => term.field === "service")?.value;
  const items = useCompletions(place, typeof service === "string" ? service : undefined, isFocused).data ?? [];
  const options = text === "" ? [...splitters.map(toItem), ...items] : items;
  const write = (next: string) => {
    setText(next);
    setActive(undefined);
  };
  /** Takes what is written into the line; where it does not read, it stays. */
  const commit = (written: string) => {
    const read = parseQueryLine(written);
    if (read.problems.length > 0) return write(written);
    onLine(withTerms(line, read.terms));
    write("");
  };
  const accept = (item: Completion | undefined) => {
    if (place === undefined || item === undefined) return;
    const next = applyCompletion(text, place, item);
    input.current?.focus();
    if (item.kind === "value") commit(next);
    else write(next);
  };
  const takeBack = () => {
    const last = terms.at(-1);
    if (last === undefined) return;
    onLine(withoutTerm(line, terms.length - 1));
    write(printTerm(last));
  };
  const step = (by: number) => {
    const count = options.length;
    if (count > 0) setActive(active === undefined ? (by > 0 ? 0 : count - 1) : (active + by + count) % count);
  };
  const actions: Record<string, (() => void) | undefined> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => (active === undefined ? commit(text) : accept(options[active])),
    Tab: (active !== undefined || text !== "") && options.length > 0 ? () => accept(options[active ?? 0]) : undefined,
    Escape: active !== undefined ? () => setActive(undefined) : text !== "" ? () => write("") : undefined,
    Backspace: text === "" && terms.length > 0 ? takeBack : undefined,
  };
  const handleKey = (event: KeyboardEvent) => {
    const action = event.shiftKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return { text, write, active, options, place, isFocused, setFocused, accept, handleKey };
}

const toItem = (insert: string): Completion => ({
  kind: "value",
  insert,
  hint: null,
  traceCount: null,
  sampledOf: null,
});
