/** "each step takes about 2.1 times its usual". */
export const paceText = (pace: number): string =>
  `each step takes about ${pace >= 9.95 ? Math.round(pace) : pace.toFixed(1)} times its usual`;
