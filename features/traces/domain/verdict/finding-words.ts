import type { Clause, Finding, FindingKind } from "../diagnosis/finding";

/** What a kind of finding is called on the screen and in reports. */
export const KIND_LABELS: Record<FindingKind, string> = {
  "n-plus-one": "N+1",
  "slow-query": "Slow query",
  "slow-external-call": "Slow external call",
  "sequential-calls": "Sequential calls",
  straggler: "Straggler",
  "unaccounted-time": "Unaccounted",
  "heavy-span": "Heavy span",
  "queue-wait": "Queue wait",
  retries: "Retries",
  "error-origin": "Error origin",
  "clock-skew": "Clock skew",
  "missing-spans": "Missing spans",
};

/** A stretch of text; `isCode` for names of operations, which stand in another face. */
export type Phrase = { text: string; isCode: boolean };

/** Splits a text where it spells the name of an operation. */
export function markOperation(text: string, operation: string): Phrase[] {
  const at = operation.length < 2 ? -1 : text.indexOf(operation);
  if (at < 0) return text === "" ? [] : [{ text, isCode: false }];
  const parts = [
    { text: text.slice(0, at), isCode: false },
    { text: operation, isCode: true },
    { text: text.slice(at + operation.length), isCode: false },
  ];
  return parts.filter((part) => part.text !== "");
}

/** What a finding is about in a few words: its clause of the sentence, else its operation. */
export function subjectOf(finding: Finding, clause: Clause | undefined): string {
  return clause?.text ?? finding.operation;
}
