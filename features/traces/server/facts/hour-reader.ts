import {
  gapsOf,
  MOST_SLICE_US,
  newestPart,
  nextWidthUs,
  type Slice,
  type Stretch,
  withinHour,
} from "@/features/traces/domain/facts/time-slices";
import { US_PER_MS } from "@/lib/units";
import type { SliceReader } from "./slice-reader";
import { type Lease, releaseLease, slicesIn, takeLease } from "./slice-repository";

type HourOptions = {
  reader: SliceReader;
  owner: string;
  pageDepth: number;
  settleMs: number;
  now: () => number;
  /** Of these slices, those that need no reading now. */
  fresh: (slices: readonly Slice[]) => Slice[];
  onStep: () => void;
};

/** Reads one hour after the other, newest stretch first, in slices as wide as the source's page allows. */
export class HourReader {
  /** The next slice is this wide. */
  widthUs = MOST_SLICE_US / 4;
  readonly #options: HourOptions;

  constructor(options: HourOptions) {
    this.#options = options;
  }

  /** The source has more services than are asked. */
  get isPartial(): boolean {
    return this.#options.reader.isPartial;
  }

  /**
   * Reads the window's hours out of a list that others take from, too. `isWanted` is asked before every question. Whether any
   * hour could be had: others hold the rest.
   */
  async readHours(sourceId: number, window: Stretch, hours: number[], isWanted: () => boolean): Promise<boolean> {
    let isAnyTaken = false;
    for (let hour = hours.shift(); hour !== undefined && isWanted(); hour = hours.shift()) {
      const lease = await takeLease(sourceId, hour, this.#options.owner);
      if (lease === undefined) continue;
      isAnyTaken = true;
      try {
        await this.#readHour(withinHour(window, hour), lease, isWanted);
        await this.#options.reader.stored();
      } finally {
        await giveBack(this.#options.reader, lease);
      }
    }
    return isAnyTaken;
  }

  /** What is not settled is a slice of its own, so that only that is read again. */
  async #readHour(part: Stretch, lease: Lease, isWanted: () => boolean): Promise<void> {
    const { reader, pageDepth, settleMs, now, fresh, onStep } = this.#options;
    const settledUs = (now() - settleMs) * US_PER_MS;
    const gaps = gapsOf(part, fresh(await slicesIn(lease.sourceId, part)));
    const pieces = gaps.flatMap(({ fromUs, toUs }) =>
      fromUs < settledUs && settledUs < toUs
        ? [
            { fromUs, toUs: settledUs },
            { fromUs: settledUs, toUs },
          ]
        : [{ fromUs, toUs }],
    );
    for (const piece of pieces.reverse()) {
      let { toUs } = piece;
      while (toUs > piece.fromUs) {
        if (!isWanted()) return;
        const slice = newestPart({ fromUs: piece.fromUs, toUs }, this.widthUs);
        const { count, outcome } = await reader.read(slice, lease, slice.toUs <= settledUs);
        this.widthUs = nextWidthUs(slice.toUs - slice.fromUs, count, pageDepth);
        if (outcome === "lost") return;
        if (outcome === "read") toUs = slice.fromUs;
        onStep();
      }
    }
  }
}

/** Lets others read the hour. What is being stored comes first: it needs the lease. */
export async function giveBack(reader: SliceReader, lease: Lease): Promise<void> {
  // What could not be stored was told where it was read, and is read again.
  await reader.stored().catch(() => {});
  await releaseLease(lease);
}
