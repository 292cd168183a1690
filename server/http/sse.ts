/** One server-sent event. `id` is the version a reconnecting browser sends back as Last-Event-ID. */
export type SseFrame = { event?: string; id?: string; data: unknown };

const KEEP_ALIVE_MS = 15_000;
const encoder = new TextEncoder();

type Shared = { opsSseClosers?: Set<() => void> };
const shared = globalThis as typeof globalThis & Shared;

/** Open streams of this process. An HTTP server's close() waits for them for ever, so a stopping process ends them. */
export function closeAllStreams(): void {
  for (const close of shared.opsSseClosers ?? []) close();
}

/**
 * Streams frames with back-pressure (the generator is pulled, never pushed), a keep-alive comment every 15 s, and an
 * end when the reader leaves.
 */
export function sseResponse(frames: AsyncIterable<SseFrame>, signal: AbortSignal): Response {
  const stop = new AbortController();
  const frameBytes = encodeFrames(frames, AbortSignal.any([signal, stop.signal]), () => stop.abort());
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await frameBytes.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      stop.abort();
      await frameBytes.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

async function* encodeFrames(
  frames: AsyncIterable<SseFrame>,
  signal: AbortSignal,
  close: () => void,
): AsyncGenerator<Uint8Array> {
  shared.opsSseClosers ??= new Set();
  const closers = shared.opsSseClosers;
  closers.add(close);
  const iterator = frames[Symbol.asyncIterator]();
  try {
    yield encoder.encode("retry: 1000\n\n");
    let next = iterator.next();
    while (!signal.aborted) {
      const outcome = await firstOf(next, signal);
      if (outcome === "aborted") return;
      if (outcome === "quiet") {
        yield encoder.encode(": keep-alive\n\n");
        continue;
      }
      if (outcome.done) return;
      yield encoder.encode(formatFrame(outcome.value));
      next = iterator.next();
    }
  } finally {
    closers.delete(close);
    // Not awaited: a source parked in a wait ends by its own abort signal, not before.
    void iterator.return?.(undefined);
  }
}

async function firstOf<T>(next: Promise<T>, signal: AbortSignal): Promise<T | "quiet" | "aborted"> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  try {
    return await Promise.race([
      next,
      new Promise<"quiet">((resolve) => {
        timer = setTimeout(resolve, KEEP_ALIVE_MS, "quiet");
      }),
      new Promise<"aborted">((resolve) => {
        onAbort = () => resolve("aborted");
        signal.addEventListener("abort", onAbort, { once: true });
        if (signal.aborted) resolve("aborted");
      }),
    ]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** JSON has no raw line breaks, so one `data:` line always suffices. */
function formatFrame({ event, id, data }: SseFrame): string {
  const head = `${event === undefined ? "" : `event: ${event}\n`}${id === undefined ? "" : `id: ${id}\n`}`;
  return `${head}data: ${JSON.stringify(data)}\n\n`;
}
