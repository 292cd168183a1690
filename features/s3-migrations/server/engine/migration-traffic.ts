import type { Latency } from "../../domain/concurrency-level";
import type { AllowanceKind, Limits } from "../../domain/limits";
import type { TrafficGate } from "../stores/traffic-gate";
import { Allowance } from "./allowance";
import { takeAllowance } from "./allowance-repository";

/** What passes at once: small against any limit worth setting, large against the cost of a loop's turn. */
const PIECE_BYTES = 16 * 1024;

/** One worker's share of the limits of one migration. */
export class MigrationTraffic {
  readonly #no: number;
  readonly #objects = this.#shared("objectsPerSecond");
  readonly #requests = this.#shared("requestsPerSecond");
  readonly #bytes = this.#shared("bytesPerSecond");
  readonly #retired = this.#shared("retireObjectsPerSecond");

  readonly #noteLatency: (latency: Latency) => void;

  constructor(no: number, noteLatency: (latency: Latency) => void = () => {}) {
    this.#no = no;
    this.#noteLatency = noteLatency;
    this.#retired.setLimited(true);
  }

  setLimits({ objectsPerSecond, requestsPerSecond, bytesPerSecond }: Limits): void {
    this.#objects.setLimited(objectsPerSecond !== undefined);
    this.#requests.setLimited(requestsPerSecond !== undefined);
    this.#bytes.setLimited(bytesPerSecond !== undefined);
  }

  /** Before each object is begun; rejects when `signal` aborts first. */
  object(signal: AbortSignal): Promise<void> {
    return this.#objects.spend(1, signal);
  }

  /** Before an object is deleted at the source. */
  retire(signal: AbortSignal): Promise<void> {
    return this.#retired.spend(1, signal);
  }

  readonly gate: TrafficGate = {
    request: (signal) => this.#requests.spend(1, signal),
    isLimitingBytes: () => this.#bytes.isLimited,
    answered: (latency) => {
      // A body held back by the limit tells nothing of the store.
      if (!this.#bytes.isLimited) this.#noteLatency(latency);
    },
    bytes: (body, signal) => this.#paced(Buffer.isBuffer(body) ? [body] : body, signal),
  };

  async *#paced(body: AsyncIterable<Buffer> | Iterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        await this.#bytes.spend(piece.length, signal);
        yield piece;
      }
    }
  }

  #shared(kind: AllowanceKind): Allowance {
    return new Allowance({ take: (ask) => takeAllowance(this.#no, kind, ask) });
  }
}
