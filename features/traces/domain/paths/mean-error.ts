/** So many standard errors away from nothing happens by chance once in a hundred times. */
const SURE_ERRORS = 2.58;

/** Whether the means of two samples differ by more than their own error (Welch); not with fewer than two values a side. */
export function beyondError(before: readonly number[], after: readonly number[]): boolean {
  if (before.length < 2 || after.length < 2) return false;
  const [a, b] = [momentsOf(before), momentsOf(after)];
  return Math.abs(b.mean - a.mean) > SURE_ERRORS * Math.sqrt(a.errorSquared + b.errorSquared);
}

function momentsOf(values: readonly number[]): { mean: number; errorSquared: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, errorSquared: squares / (values.length - 1) / values.length };
}
