/** A trouble nobody repeats is over: whoever cannot do its work tries again within this time. */
const FORGET_AFTER_MS = 30_000;

// Next's routes are a module graph of their own beside the process's heartbeat: what both learn lives on globalThis.
const shared = globalThis as typeof globalThis & { opsTrouble?: { text: string; at: number } };

/** Says what this process cannot do, as the end of a sentence about it: "cannot store spans". Repeat while it lasts. */
export function noteTrouble(text: string): void {
  shared.opsTrouble = { text, at: performance.now() };
}

/** What could not be done was done. */
export function clearTrouble(): void {
  delete shared.opsTrouble;
}

/** What this process cannot do right now. */
export function currentTrouble(): string | undefined {
  const { opsTrouble } = shared;
  return opsTrouble !== undefined && performance.now() - opsTrouble.at < FORGET_AFTER_MS ? opsTrouble.text : undefined;
}
