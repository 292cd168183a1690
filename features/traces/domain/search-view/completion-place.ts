import { scanTerms } from "../query/parse-query-line";

/** What is being written at the end of a text: a key, or the value of one. */
export type CompletionPlace = {
  /** Undefined while a key is written. */
  key: string | undefined;
  prefix: string;
  /** Where the piece that a completion replaces begins. */
  from: number;
};

/** Where completion stands at the end of `text`. Comparisons (`dur>3`) have nothing to complete: undefined. */
export function completionPlace(text: string): CompletionPlace | undefined {
  const last = scanTerms(text).at(-1);
  if (last === undefined || (last.to < text.length && last.isClosed))
    return { key: undefined, prefix: "", from: text.length };
  if (last.sign === "") return { key: undefined, prefix: last.key, from: last.from };
  if (last.sign !== ":" && last.sign !== "=") return undefined;
  return { key: last.key, prefix: last.value, from: last.from };
}

/** The text with its last piece replaced. A value is done, so a space follows; a key waits for its value. */
export function applyCompletion(text: string, place: CompletionPlace, item: { kind: string; insert: string }): string {
  return `${text.slice(0, place.from)}${item.insert}${item.kind === "value" ? " " : ""}`;
}
