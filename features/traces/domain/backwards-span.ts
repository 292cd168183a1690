/** What the console says of a span that nobody before it has put right; its duration is shown as 0. */
export const BACKWARDS_WARNING = "It ends before it starts, and is shown without length.";

/** Jaeger, and the console's own collector, put such a span right before anybody asks for it, and say so in these words. */
const JAEGER_WORDS = "Negative duration detected";

/** Whether a warning of a span says that its end was before its start. */
export const isBackwardsWarning = (text: string): boolean =>
  text === BACKWARDS_WARNING || text.startsWith(JAEGER_WORDS);
