let isMissed = false;

/** Prints a figure beside its budget, with the ratio, and remembers a miss. */
export function report(what: string, figure: number, unit: string, budget: number): void {
  const isMet = figure <= budget;
  isMissed ||= !isMet;
  const ratio = budget === 0 ? "" : `, ratio ${(figure / budget).toFixed(2)}`;
  process.stdout.write(
    `${isMet ? "ok  " : "MISS"} ${what}: ${figure.toFixed(figure < 10 ? 2 : 0)} ${unit} (budget at most ${budget}${ratio})\n`,
  );
}

/** Prints a figure that has no budget. */
export function tell(what: string, figure: number, unit: string): void {
  process.stdout.write(`     ${what}: ${figure.toFixed(figure < 10 ? 2 : 0)} ${unit}\n`);
}

/** 1 when a budget was missed. */
export function exitCode(): number {
  return isMissed ? 1 : 0;
}

/** The p95 of `rounds` runs, ms, after one to warm up. */
export async function p95Ms(rounds: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return times[Math.ceil(rounds * 0.95) - 1] ?? 0;
}
