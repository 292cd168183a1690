import type { SseFrame } from "@/server/http/sse";
import { subscribe } from "./listen";

const POLL_MS = 5000;
/** Hints closer together than this make one snapshot: a progress bar needs four a second, not four hundred. */
const COALESCE_MS = 250;

type LiveOptions<T> = {
  /** The hint to wake on, as sent by `notify`. */
  topic: string;
  /** Reads the truth; the newest version only. */
  load: () => Promise<T>;
  versionOf: (snapshot: T) => number;
  /** No more frames after this one, for a run or migration that has ended. */
  isFinal?: (snapshot: T) => boolean;
  /** Version the browser already has (Last-Event-ID); it is not sent again. */
  lastEventId: string | undefined;
  signal: AbortSignal;
};

/**
 * Snapshot + stream: the present state at once, then each newer one as it happens, and a beat after each read that
 * found nothing newer (every 5 s). A lost hint costs at most one poll interval, never a state. Frame ids are versions.
 */
export async function* liveSnapshots<T>({
  topic,
  load,
  versionOf,
  isFinal,
  lastEventId,
  signal,
}: LiveOptions<T>): AsyncGenerator<SseFrame> {
  const hints = new HintLatch(signal);
  const unsubscribe = subscribe(topic, () => hints.raise());
  try {
    let sent = lastEventId === undefined ? Number.NaN : Number(lastEventId);
    while (!signal.aborted) {
      const snapshot = await load();
      const version = versionOf(snapshot);
      if (version !== sent) {
        sent = version;
        yield { event: "snapshot", id: String(version), data: snapshot };
      } else {
        // An open stream proves nothing to a browser: not that this process runs, nor that the database was read.
        yield { event: "beat", data: {} };
      }
      if (isFinal?.(snapshot)) return;
      await hints.wait(POLL_MS);
      if (hints.wasRaised) await hints.pause(COALESCE_MS);
      hints.lower();
    }
  } finally {
    unsubscribe();
  }
}

/** Remembers that a hint came, also while nobody waits for one. */
class HintLatch {
  wasRaised = false;
  #wake = () => {};
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
  }

  raise(): void {
    this.wasRaised = true;
    this.#wake();
  }

  lower(): void {
    this.wasRaised = false;
  }

  /** Resolves at the next hint, at once if one came since `lower`, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (this.wasRaised) return;
    await this.pause(timeoutMs);
  }

  /** Resolves after `ms`, or when woken. */
  async pause(ms: number): Promise<void> {
    if (this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}
