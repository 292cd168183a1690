const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY_CLOCK = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const DAY_MS = 86_400_000;

/** A moment as short as it can be understood: the day only when it is not within the last one. */
export const clock = (ms: number): string => (Math.abs(Date.now() - ms) < DAY_MS ? CLOCK : DAY_CLOCK).format(ms);
