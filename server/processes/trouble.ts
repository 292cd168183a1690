/** A trouble nobody repeats is over: whoever cannot do its work tries again within this time. */
const FORGET_AFTER_MS = 30_000;

// Next's routes are a module graph of their own beside the process's heartbeat: what both learn lives on globalThis.
const shared = globalThis as typeof globalThis & {
  opsTrouble?: { text: string; at: number };
  opsTroubleListener?: () => void;
};

/** Says what this process cannot do, as the end of a sentence about it: "cannot store spans". Repeat while it lasts. */
export function noteTrouble(text: string): void {
  const before = currentTrouble();
  shared.opsTrouble = { text, at: performance.now() };
  if (before !== text) shared.opsTroubleListener?.();
}

/** What could not be done was done; of several things, only the named one. */
export function clearTrouble(text?: string): void {
  const { opsTrouble } = shared;
  if (opsTrouble === undefined || (text !== undefined && opsTrouble.text !== text)) return;
  delete shared.opsTrouble;
  shared.opsTroubleListener?.();
}

/** What this process cannot do right now. */
export function currentTrouble(): string | undefined {
  const { opsTrouble } = shared;
  return opsTrouble !== undefined && performance.now() - opsTrouble.at < FORGET_AFTER_MS ? opsTrouble.text : undefined;
}

/** Calls when a trouble comes, changes or is over; one listener a process. Returns how to end it. */
export function onTroubleChange(listener: () => void): () => void {
  shared.opsTroubleListener = listener;
  return () => {
    if (shared.opsTroubleListener === listener) delete shared.opsTroubleListener;
  };
}
