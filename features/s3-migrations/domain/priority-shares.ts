import type { Priority } from "./limits";

const WEIGHTS: Record<Priority, number> = { high: 9, normal: 3, low: 1 };

type Contender = { id: string; priority: Priority; concurrency: number };

/**
 * How many objects each of the migrations that work at the same time may have in flight in one worker: together about
 * as many as the largest alone may, by weight, and each at least one, so that none starves. Alone there is no share.
 */
export function sharesOf(contenders: readonly Contender[]): Map<string, number> {
  if (contenders.length < 2) return new Map(contenders.map(({ id, concurrency }) => [id, concurrency]));
  const places = Math.max(...contenders.map(({ concurrency }) => concurrency));
  const weights = contenders.reduce((sum, { priority }) => sum + WEIGHTS[priority], 0);
  return new Map(
    contenders.map(({ id, priority, concurrency }) => {
      const share = Math.floor((places * WEIGHTS[priority]) / weights);
      return [id, Math.max(1, Math.min(concurrency, share))];
    }),
  );
}
