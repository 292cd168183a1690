import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

export type CollectedReply = {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
  /** By the process's clock, when the status and headers had come. */
  headersAtMs: number;
};
type Limits = {
  signal: AbortSignal;
  maxBytes: number;
  /** What to fail with when the answer is longer. */
  tooLarge: () => Error;
};

/**
 * Sends one request and gathers its whole answer. Half the CPU of `request`, which makes a stream of every body and a
 * listener on the signal for every request. Rejects with the signal's reason once it aborts.
 */
export function collectReply(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limits: Limits,
): Promise<CollectedReply> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(limits, resolve, reject);
    if (exchange.begin()) dispatcher.dispatch(options, exchange);
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: Limits;
  readonly #resolve: (reply: CollectedReply) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #headersAtMs = 0;
  #pieces: Buffer[] = [];
  #total = 0;
  #isOver = false;

  constructor(limits: Limits, resolve: (reply: CollectedReply) => void, reject: (error: unknown) => void) {
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** False: there is nothing to send any more. */
  begin(): boolean {
    const { signal } = this.#limits;
    if (signal.aborted) {
      this.#fail(signal.reason);
      return false;
    }
    exchangesUnder(signal).add(this);
    return true;
  }

  /** Ends it wherever it is: waiting for a connection, on its way, or being answered. */
  abort(reason: Error): void {
    this.#fail(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { signal } = this.#limits;
    if (this.#isOver) controller.abort(signal.reason);
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    // "103 Early Hints" and the like come before the answer.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers as Record<string, string>;
    this.#headersAtMs = performance.now();
  }

  onResponseData(_: unknown, piece: Buffer): void {
    this.#total += piece.length;
    if (this.#total > this.#limits.maxBytes) this.abort(this.#limits.tooLarge());
    else this.#pieces.push(piece);
  }

  onResponseEnd(): void {
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#total);
    const reply = { status: this.#status, headers: this.#headers, bytes, headersAtMs: this.#headersAtMs };
    if (this.#end()) this.#resolve(reply);
  }

  onResponseError(_: unknown, error: Error): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#end()) this.#reject(error);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    exchangesUnder(this.#limits.signal).delete(this);
    return true;
  }
}

/** All requests of a chunk share its signal: one listener for all of them instead of one for each. */
const underSignal = new WeakMap<AbortSignal, Set<Exchange>>();

function exchangesUnder(signal: AbortSignal): Set<Exchange> {
  const known = underSignal.get(signal);
  if (known !== undefined) return known;
  const exchanges = new Set<Exchange>();
  underSignal.set(signal, exchanges);
  const abortAll = () => {
    for (const exchange of exchanges) exchange.abort(signal.reason);
  };
  signal.addEventListener("abort", abortAll, { once: true });
  return exchanges;
}
