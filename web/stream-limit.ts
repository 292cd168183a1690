import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@/lib/errors";

const MAX_STREAMS = 2000;
const RETRY_AFTER_SECONDS = 10;

/** Counts open event streams: each costs memory for as long as a page stays open. */
export class StreamLimit {
  #open = 0;

  /** Refuses one stream too many with a time to come back. */
  admit(request: IncomingMessage, response: ServerResponse): void {
    const isStream = request.method === "GET" && /^\/api\/[^?]*\/events(?:\?|$)/.test(request.url ?? "");
    if (!isStream) return;
    if (this.#open >= MAX_STREAMS) {
      throw new AppError("unavailable", `More than ${MAX_STREAMS} pages watch this console. Try again shortly.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    this.#open += 1;
    response.once("close", () => {
      this.#open -= 1;
    });
  }
}
