import type { StoreSide } from "../../domain/classify";
import type { StoreError } from "../stores/store-error";

type Ask = (side: StoreSide) => Promise<void>;

/**
 * Tells an object that is refused alone from credentials that are refused altogether: the bucket is asked. Whoever comes
 * while a question is under way shares the next one, since the answer to the present one may be older than the refusal.
 */
export class AccessCheck {
  readonly #ask: Ask;
  readonly #asking = new Map<StoreSide, Promise<void>>();
  readonly #next = new Map<StoreSide, Promise<void>>();

  /** `ask` throws what the store answers to the smallest request of the bucket as a whole. */
  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Throws `refusal` when it is the object's own, else what the bucket answers. */
  async judge(refusal: StoreError): Promise<never> {
    if (refusal.errorClass === "denied" && refusal.side !== undefined) await this.#askShared(refusal.side);
    throw refusal;
  }

  #askShared(side: StoreSide): Promise<void> {
    const present = this.#asking.get(side);
    if (present === undefined) return this.#askNow(side);
    const known = this.#next.get(side);
    if (known !== undefined) return known;
    const next = present
      .catch(() => {})
      .then(() => {
        this.#next.delete(side);
        return this.#askNow(side);
      });
    this.#next.set(side, next);
    return next;
  }

  #askNow(side: StoreSide): Promise<void> {
    const asking = this.#ask(side).finally(() => this.#asking.delete(side));
    this.#asking.set(side, asking);
    return asking;
  }
}
