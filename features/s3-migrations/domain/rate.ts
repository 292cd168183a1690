/** Exponentially weighted rates of objects and bytes, by elapsed working time. */
export type Rates = { objectsPerSecond: number; bytesPerSecond: number; elapsedMs: number };

/**
 * Moves a rate towards what just happened. The weight of the past halves every `halfLifeMs`; while younger than one
 * half-life the plain mean is used, so that the first seconds do not start from zero.
 */
export function updateRates(
  rates: Rates | undefined,
  step: { objects: number; bytes: number; elapsedMs: number },
  halfLifeMs: number,
): Rates {
  if (step.elapsedMs <= 0) return rates ?? { objectsPerSecond: 0, bytesPerSecond: 0, elapsedMs: 0 };
  const now = {
    objectsPerSecond: Math.max(0, step.objects) / (step.elapsedMs / 1000),
    bytesPerSecond: Math.max(0, step.bytes) / (step.elapsedMs / 1000),
  };
  const elapsedMs = (rates?.elapsedMs ?? 0) + step.elapsedMs;
  const decayed = 1 - 0.5 ** (step.elapsedMs / halfLifeMs);
  const weight = rates === undefined ? 1 : Math.max(decayed, Math.min(1, step.elapsedMs / elapsedMs));
  const mix = (past: number, present: number) => past + weight * (present - past);
  return {
    objectsPerSecond: mix(rates?.objectsPerSecond ?? 0, now.objectsPerSecond),
    bytesPerSecond: mix(rates?.bytesPerSecond ?? 0, now.bytesPerSecond),
    elapsedMs,
  };
}
