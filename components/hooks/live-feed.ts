export type StreamState = "connecting" | "live" | "polling" | "closed";

const SILENCE_MS = 5000;
/** An open stream beats every 5 s. Two beats missed: its process hangs, or the network forgot the connection. */
const STALLED_AFTER_MS = 12_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

type LiveFeedOptions = {
  url: string;
  pollUrl: string | undefined;
  onData: (data: unknown) => void;
  versionOf: (data: unknown) => number | undefined;
  onStatus: (state: StreamState, lastAt: number | undefined) => void;
};

/**
 * Keeps one view true: an EventSource, watched by a clock. A stream that said nothing for 5 s after it was lost makes
 * the feed poll until a frame arrives; one that the server refused is opened again with backoff, one that is silent
 * for 12 s at once. Frames and polls are handed on in version order only. Returns the close.
 */
export function openLiveFeed(options: LiveFeedOptions): () => void {
  const feed = new LiveFeed(options);
  feed.start();
  return () => feed.stop();
}

class LiveFeed {
  readonly #options: LiveFeedOptions;
  #source: EventSource | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #version = Number.NEGATIVE_INFINITY;
  #lostAt: number | undefined = Date.now();
  #lastAt: number | undefined;
  #frameAt = 0;
  #poll: AbortController | undefined;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  start(): void {
    this.#open();
    this.#watch = setInterval(() => this.#check(), SILENCE_MS);
    document.addEventListener("visibilitychange", this.#handleVisible);
    window.addEventListener("offline", this.#handleOffline);
    window.addEventListener("online", this.#handleOnline);
  }

  stop(): void {
    this.#source?.close();
    this.#poll?.abort();
    clearTimeout(this.#retryTimer);
    clearInterval(this.#watch);
    document.removeEventListener("visibilitychange", this.#handleVisible);
    window.removeEventListener("offline", this.#handleOffline);
    window.removeEventListener("online", this.#handleOnline);
  }

  #open(): void {
    const source = new EventSource(this.#options.url);
    this.#source = source;
    this.#frameAt = Date.now();
    source.addEventListener("beat", () => this.#handleSign());
    source.addEventListener("error", () => this.#handleError(source));
    for (const name of ["snapshot", "message"]) {
      source.addEventListener(name, (event) => {
        if (event instanceof MessageEvent) this.#handleFrame(event);
      });
    }
  }

  /** A frame of any kind. That the stream is open says nothing: a process that hangs keeps it open. */
  #handleSign(): void {
    this.#frameAt = Date.now();
    this.#lostAt = undefined;
    this.#retryMs = FIRST_RETRY_MS;
    this.#touch("live");
  }

  /** The browser reconnects by itself, except after an HTTP refusal: then the source is closed for good. */
  #handleError(source: EventSource): void {
    this.#lostAt ??= Date.now();
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #handleFrame(event: MessageEvent): void {
    const version = event.lastEventId === "" ? undefined : Number(event.lastEventId);
    this.#accept(parseJson(event.data), version);
    this.#handleSign();
  }

  #accept(data: unknown, version: number | undefined): void {
    if (data === undefined) return;
    if (version !== undefined && Number.isFinite(version)) {
      if (version < this.#version) return;
      this.#version = version;
    }
    this.#options.onData(data);
  }

  #touch(state: StreamState): void {
    this.#lastAt = Date.now();
    this.#options.onStatus(state, this.#lastAt);
  }

  #check(): void {
    if (this.#source?.readyState !== EventSource.CLOSED && Date.now() - this.#frameAt > STALLED_AFTER_MS) {
      this.#lostAt ??= this.#frameAt;
      this.#source?.close();
      this.#open();
    }
    if (this.#lostAt !== undefined && Date.now() - this.#lostAt >= SILENCE_MS - 50) void this.#pollOnce();
  }

  async #pollOnce(): Promise<void> {
    const { pollUrl, onStatus, versionOf } = this.#options;
    onStatus("polling", this.#lastAt);
    if (pollUrl === undefined || document.visibilityState === "hidden") return;
    this.#poll?.abort();
    this.#poll = new AbortController();
    try {
      const response = await fetch(pollUrl, { signal: this.#poll.signal });
      if (!response.ok) return;
      const data: unknown = await response.json();
      this.#accept(data, versionOf(data));
      this.#touch("polling");
      this.#reopen();
    } catch {
      // Unreachable: the age of the view says so, and the next turn asks again.
    }
  }

  /** The console answers again: a stream that waits for its next try need not wait longer. */
  #reopen(): void {
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#retryTimer);
    this.#open();
  }

  /** The browser knows that it has no network long before a silent stream is missed. */
  #handleOffline = (): void => {
    this.#lostAt ??= Date.now();
    this.#options.onStatus("polling", this.#lastAt);
  };

  /** What was open before the network went may be dead without knowing it. */
  #handleOnline = (): void => {
    this.#source?.close();
    clearTimeout(this.#retryTimer);
    this.#open();
  };

  /** A laptop that slept has a dead stream the browser has not noticed. */
  #handleVisible = (): void => {
    if (document.visibilityState === "visible") this.#check();
  };
}

function parseJson(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
