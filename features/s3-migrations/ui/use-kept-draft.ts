"use client";

import { useEffect, useState } from "react";
import * as z from "zod/mini";
import { type Draft, EMPTY_DRAFT, ROWS_KINDS, STORE_KINDS } from "./migration-draft";

const PLACE = "ops-console-s3-draft-1";

/** Texts of any field; what is no text is checked by name. Anything else in the browser's store is not a draft. */
const keptSchema = z.record(z.string(), z.unknown());
const ruleSchema = z.object({ id: z.number(), match: z.string(), to: z.string() });

/**
 * The form's content, kept in this browser until it is started or discarded: a reload, a way back or a closed tab lose
 * nothing. No secret is in it: credentials are names. `isKept` says that something was found from before.
 */
export function useKeptDraft() {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const [isKept, setKept] = useState(false);
  // Outside system: the browser's store, which the server does not have.
  useEffect(() => {
    const kept = readDraft();
    if (kept === undefined) return;
    setDraft(kept);
    setKept(true);
  }, []);
  const change = (next: Draft) => {
    setDraft(next);
    write(JSON.stringify(next));
  };
  const forget = () => {
    setKept(false);
    write(undefined);
  };
  const discard = () => {
    setDraft(EMPTY_DRAFT);
    forget();
  };
  return { draft, change, discard, forget, isKept };
}

function readDraft(): Draft | undefined {
  try {
    return parseDraft(JSON.parse(window.localStorage.getItem(PLACE) ?? "null"));
  } catch {
    // A store that is closed to us, or holds something else: there is no draft.
    return undefined;
  }
}

/** What of a kept text fits the form of today; `undefined` when nothing does. */
export function parseDraft(value: unknown): Draft | undefined {
  const kept = keptSchema.safeParse(value);
  if (!kept.success) return undefined;
  const texts = Object.entries(EMPTY_DRAFT).flatMap(([name, empty]) => {
    const text = kept.data[name];
    return typeof empty === "string" && typeof text === "string" ? [[name, text]] : [];
  });
  const rules = z.array(ruleSchema).check(z.minLength(1), z.maxLength(20)).safeParse(kept.data.rules);
  const draft: Draft = { ...EMPTY_DRAFT, ...Object.fromEntries(texts) };
  return {
    ...draft,
    rules: rules.success ? rules.data : EMPTY_DRAFT.rules,
    mode: oneOf(["copy", "verify_only", "reported"], draft.mode),
    sourceKind: oneOf(STORE_KINDS, draft.sourceKind),
    rowsFrom: oneOf(ROWS_KINDS, draft.rowsFrom),
    mapKind: oneOf(["none", "template", "manifest"], draft.mapKind),
    otherwise: oneOf(["refuse", "keep", "leave_out"], draft.otherwise),
    verify: oneOf(["stored", "sample", "read_back"], draft.verify),
  };
}

const oneOf = <T extends string>(words: readonly [T, ...T[]] | readonly T[], word: T): T =>
  words.includes(word) ? word : (words[0] as T);

function write(text: string | undefined): void {
  try {
    if (text === undefined) window.localStorage.removeItem(PLACE);
    else window.localStorage.setItem(PLACE, text);
  } catch {
    // A full or closed store costs the keeping, never the typing.
  }
}
