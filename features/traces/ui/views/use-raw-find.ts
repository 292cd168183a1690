"use client";

import { useDeferredValue, useEffect, useState } from "react";
import { findInRaw, MAX_FOUND_LINES } from "../../domain/raw/find-in-raw";
import type { RawDocument } from "../../domain/raw/raw-text";

export type RawFound = { lines: readonly number[]; isDone: boolean; isCut: boolean };

const NOTHING: RawFound = { lines: [], isDone: true, isCut: false };

/** The lines that hold a text, more of them each turn until the whole document was looked through. */
export function useRawFind(document: RawDocument, text: string): RawFound {
  const wanted = useDeferredValue(text);
  const [found, setFound] = useState<RawFound & { of: string }>({ ...NOTHING, of: "" });
  // Outside system: the clock, for turns in which the page can answer the reader.
  useEffect(() => {
    if (wanted === "") return;
    const search = findInRaw(document, wanted);
    const lines: number[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const step = () => {
      const next = search.next();
      if (!next.done) for (const line of next.value) lines.push(line);
      const isCut = lines.length > MAX_FOUND_LINES;
      const isDone = next.done === true || isCut;
      setFound({ lines: lines.slice(0, MAX_FOUND_LINES), isDone, isCut, of: wanted });
      if (!isDone) timer = setTimeout(step);
    };
    step();
    return () => clearTimeout(timer);
  }, [document, wanted]);
  return wanted === "" || found.of !== wanted ? NOTHING : found;
}
