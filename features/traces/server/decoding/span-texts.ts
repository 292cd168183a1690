import {
  categoryOfKey,
  categoryOfValue,
  hasCategoryValue,
  strongerCategory,
} from "@/features/traces/domain/span-category";
import type { SpanDraft } from "@/features/traces/domain/span-table";
import { detailRankOf, toDetail, toWaitsFor, waitRankOf } from "./span-reading";

/** Behind every rank of {@link detailRankOf} and {@link waitRankOf}. */
const NO_RANK = 99;

/**
 * Gathers from a span's attributes, in whatever order they come, what its row says of it: the category, the one line of
 * detail and what it waits for. Of several attributes that could say it, the best ranked wins. Both decoders feed it, so
 * that a span reads the same in either format. One instance serves span after span: call `begin` for each.
 */
export class SpanTexts {
  readonly #draft: SpanDraft;
  #detailRank = NO_RANK;
  #waitRank = NO_RANK;

  constructor(draft: SpanDraft) {
    this.#draft = draft;
  }

  begin(): void {
    this.#detailRank = NO_RANK;
    this.#waitRank = NO_RANK;
  }

  /** Notes what the key alone says. True when the attribute's value can say more, so that it has to be read. */
  takeKey(key: string): boolean {
    this.#noteCategory(categoryOfKey(key));
    return (
      (detailRankOf(key) ?? NO_RANK) < this.#detailRank ||
      (waitRankOf(key) ?? NO_RANK) < this.#waitRank ||
      hasCategoryValue(key)
    );
  }

  /** Notes what the value says; an empty one says nothing. */
  takeText(key: string, text: string): void {
    if (text === "") return;
    if (hasCategoryValue(key)) this.#noteCategory(categoryOfValue(key, text));
    const detailRank = detailRankOf(key) ?? NO_RANK;
    if (detailRank < this.#detailRank) {
      this.#detailRank = detailRank;
      this.#draft.detail = toDetail(text);
    }
    const waitRank = waitRankOf(key) ?? NO_RANK;
    if (waitRank < this.#waitRank) {
      this.#waitRank = waitRank;
      this.#draft.waitsFor = toWaitsFor(text);
    }
  }

  #noteCategory(category: number): void {
    if (category !== 0) this.#draft.category = strongerCategory(this.#draft.category, category);
  }
}
