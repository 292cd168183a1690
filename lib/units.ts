/** Factors between units of time: `US_PER_MS` is the microseconds of one millisecond. */
export const US_PER_MS = 1000;
export const US_PER_SECOND = 1_000_000;
export const MS_PER_SECOND = 1000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
