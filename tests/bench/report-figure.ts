type Figure = { what: string; value: number; unit: string; budget: number };

/** Prints a figure beside the most it may be; a miss makes the bench fail. */
export function reportFigure({ what, value, unit, budget }: Figure): void {
  const ratio = value / budget;
  const verdict = ratio > 1 ? "MISSED" : "kept";
  console.log(
    `  ${what.padEnd(44)} ${value.toFixed(1)} ${unit} of ${budget} (${ratio.toFixed(2)} of the budget, ${verdict})`,
  );
  if (ratio > 1) process.exitCode = 1;
}
