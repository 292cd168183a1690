import { setMaxListeners } from "node:events";
import type { TrafficGate } from "../stores/traffic-gate";
import { getListLimits, type ListPass } from "./listing-repository";
import { MigrationTraffic } from "./migration-traffic";

/** Holds one listing to what people allow it, also as they change their mind while it goes on. */
export class ListingLimits {
  readonly #traffic: MigrationTraffic;
  readonly #closed = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isBound = false;

  constructor(pass: ListPass, pollMs: number) {
    this.#traffic = new MigrationTraffic(pass.no);
    this.#traffic.setLimits(pass.options.limits);
    this.#timer = setInterval(() => void this.#follow(pass), pollMs);
  }

  get gate(): TrafficGate {
    return this.#traffic.gate;
  }

  /** It was broken off because its window has closed since it began. */
  get isClosed(): boolean {
    return this.#isBound && this.#closed.signal.aborted;
  }

  /** `signal`, and the end of the window. */
  whileOpen(signal: AbortSignal): AbortSignal {
    this.#isBound = true;
    const either = AbortSignal.any([signal, this.#closed.signal]);
    setMaxListeners(0, either);
    return either;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** A database that is away has no news. */
  async #follow(pass: ListPass): Promise<void> {
    const now = await getListLimits(pass).catch(() => undefined);
    if (now === undefined) return;
    this.#traffic.setLimits(now.limits);
    if (!now.isOpen) this.#closed.abort();
  }
}
